"""Views for adding and changing an expense."""

import json
from functools import partial

from django.contrib import messages
from django.db.models import TextChoices
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.afterwards import later
from classifier.categories import Kind, category_of_kind, kind_of
from classifier.category_set import category_of
from classifier.merchant_name import merchant_name
from classifier.suggest import Explanation, explain
from expenses import money, rates
from expenses.forms.entry import EditForm, ExpenseForm, shown_amount
from expenses.ledger.editing import edit_expense
from expenses.ledger.entries import add_expense
from expenses.ledger.set_categories import set_categories
from expenses.ledger.trash import restore_expenses
from expenses.listing.find_rows import find_rows
from expenses.listing.kind_reason import kind_reason
from expenses.listing.list_page import query_of_url
from expenses.listing.rows import RowStyle, build_rows
from expenses.models import CategorySource, Expense, KindSource
from expenses.models.ledger import Ledger
from expenses.models.unsure import is_unfiled
from expenses.months import month_of
from expenses.recurring.refreshing import look_around
from expenses.rules.ordering import find_rule
from expenses.rules.wording import reason_of
from expenses.views.access import LedgerRequest, limited, signed_in, with_expense
from expenses.views.answers import expense_added, list_changed, list_url_of, way_back
from expenses.views.twins import TwinsOffer, offer_twins
from finbrain.core.bidi import isolated

_CONFLICT = 409


@require_POST
@signed_in
@limited("write")
def add_entry(request: LedgerRequest) -> HttpResponse:
    """Add an expense. An invalid form comes back with messages at its fields and everything typed."""
    form = ExpenseForm(request.POST, home_currency=request.ledger.home_currency)
    if not form.is_valid():
        return _refuse_entry(request, form)
    added = add_expense(request.ledger, form.new_expense())
    expense = added.expense
    if added.is_single:
        later(request, partial(look_around, request.ledger.id, expense))
    text = _("This expense has already been saved.")
    if added.created:
        text = _added_text(expense, from_title=form.from_title)
    undo_url = reverse("expenses:delete", args=[expense.pk]) if added.created else ""
    if not request.htmx:
        messages.success(request, text, extra_tags=undo_url)
        return redirect(list_url_of(expense))
    query = query_of_url(request.htmx.current_url or "")
    if query.covers(month_of(expense.spent_on)):
        return expense_added(request, query, added, text, undo_url)
    link = {"link_url": list_url_of(expense), "link_text": _link_to_month(expense)}
    response = expense_added(request, query, added, text, undo_url, **link)
    response["HX-Trigger"] = "elsewhere"  # the form returns to today
    return response


def _link_to_month(expense: Expense) -> str:
    """The link text for an expense outside the page's months: `Show March 2026`."""
    return _("Show %(month)s") % {"month": date_format(month_of(expense.spent_on), "YEAR_MONTH_FORMAT")}


def _refuse_entry(request: LedgerRequest, form: ExpenseForm) -> HttpResponse:
    template = "expenses/_quick_add.html" if request.htmx else "expenses/add.html"
    context = {"form": form, "used_currencies": [request.ledger.home_currency]}
    return render(request, template, context, status=422)


def _added_text(expense: Expense, *, from_title: bool) -> str:
    """The message `Added Taxi home, ₪58.00, to Transportation`, and a note if the amount comes from the title."""
    shown = -expense.amount if expense.kind == Kind.RECEIVED else expense.amount
    is_waiting = is_unfiled({"reviewed": expense.reviewed, "confidence": expense.confidence})
    text = _("Added %(title)s, %(amount)s") if is_waiting else _("Added %(title)s, %(amount)s, to %(category)s")
    said = text % {
        "title": isolated(expense.display_title),
        "amount": money.format_money(shown, expense.currency, get_language()),
        "category": category_of(expense.category).name,
    }
    if not from_title:
        return said
    source = _("FinBrain took the amount from the title.")
    return f"{said}. {source}"


@require_http_methods(["GET", "HEAD", "POST"])
@with_expense(in_trash=None)
@limited("write")
def edit_entry(request: LedgerRequest, expense: Expense) -> HttpResponse:
    """Edit every field of an expense. htmx gets only the form, for the panel beside the list.

    If the expense was deleted in the meantime, keep the input and offer to restore it.
    """
    stored = _stored_values(expense)
    options = {"home_currency": request.ledger.home_currency, "initial": stored}
    if request.htmx:  # beside the form on the list, whose fields have the usual ids
        options["auto_id"] = "edit_%s"
    if request.method != "POST":
        if expense.deleted_at:
            raise Http404
        return _edit_page(request, expense, EditForm(**options))
    form = EditForm(_values_to_save(expense, request), stored=expense, **options)
    if not form.is_valid():
        return _edit_page(request, expense, form, status=422)
    if request.POST.get("restore"):
        restore_expenses(request.ledger, [expense.pk])
    try:
        saved = edit_expense(request.ledger, expense.pk, form.new_expense())
    except Expense.DoesNotExist:
        message = _("This expense was deleted while you were editing. Save again to restore it with these changes.")
        form.add_error(None, message)
        return _edit_page(request, expense, form, status=_CONFLICT)
    text = _("Saved %(title)s") % {"title": isolated(saved.display_title)}
    if request.htmx:
        return list_changed(request, text)
    messages.success(request, text)
    return redirect(way_back(request) if request.POST.get("next") else list_url_of(saved))


def _values_to_save(expense: Expense, request: LedgerRequest) -> dict[str, object]:
    """The stored values with those of the request. A kind sent without a category replaces the category."""
    sent = request.POST.dict()
    kept = {"category": ""} if sent.get("kind") else {}
    return _stored_values(expense) | kept | sent


def _stored_values(expense: Expense) -> dict[str, object]:
    """The form's values for a stored expense, also used for fields that a request leaves out."""
    values = {name: getattr(expense, name) for name in EditForm.base_fields}
    rate = expense.own_rate
    return values | {
        "category": category_of(expense.category).slug,
        "kind": "",
        "amount": format(shown_amount(expense), "f"),
        "spent_on": expense.spent_on.isoformat(),
        "own_rate": format(rate.normalize(), "f") if rate else "",
        "entry_key": "",
    }


def _missing_rate(code: str, home: str) -> str:
    """Say that an amount can't be converted. Empty if it needn't be."""
    if code == home:
        return ""
    if rates.is_awaited(code) or rates.is_awaited(home):
        return _("No rate yet, so totals leave this amount out. When online, FinBrain fetches it in a minute.")
    return _("There is no rate for this day, so totals leave this amount out.")


def _label_of(choices: type[TextChoices], value: str) -> object:
    """The label of a stored choice, or the value itself if this release doesn't know it."""
    return dict(choices.choices).get(value, value)


def _edit_page(request: LedgerRequest, expense: Expense, form: EditForm, status: int = 200) -> HttpResponse:
    documents = find_rows(request.ledger.id, [expense.pk])
    [row] = build_rows(documents, RowStyle.to(request.ledger))
    back_url = way_back(request)
    if not back_url.partition("?")[0].endswith(reverse("expenses:list")):
        back_url = list_url_of(expense)
    context = {"form": form, "row": row, "back_url": back_url, "why": _why_of(request.ledger, expense)}
    context |= {"rate_note": row["rate_text"] or _missing_rate(row["currency"], request.ledger.home_currency)}
    context |= {"restore": status == _CONFLICT, "kind": _label_of(Kind, expense.kind)}
    context["has_name"] = bool(expense.shown_title or expense.import_batch or merchant_name(expense.title))
    context |= {"always_url": reverse("expenses:always", args=[expense.pk]), "shown_title": expense.shown_title}
    context["title_rule"] = _title_rule(request.ledger, expense)
    if expense.kind_source and not expense.reviewed and not row["rule_text"]:
        context["kind_source"] = _label_of(KindSource, expense.kind_source)
        context["kind_reason"] = kind_reason(request.ledger, documents[0])
    if request.htmx:
        panel = "expenses/_edit_panel.html"
        return render(request, panel, context, status=422 if status == _CONFLICT else status)
    return render(request, "expenses/edit.html", context, status=status)


def _title_rule(ledger: Ledger, expense: Expense) -> tuple[str, str]:
    """The rule that chose the name to show, as in `reason_of`. Empty if a person chose it."""
    rule = find_rule(ledger.rules, expense.rule)
    by_person = not expense.rule or (rule and rule.title != expense.shown_title)
    return ("", "") if by_person else reason_of(ledger.rules, expense.rule)


def _why_of(ledger: Ledger, expense: Expense) -> Explanation | None:
    """Explain the category that FinBrain would suggest now. None if a person or a rule chose the category."""
    is_certain = expense.reviewed or expense.category_source == CategorySource.RULE
    return None if is_certain else explain(expense.title, ledger.id)


@require_POST
@with_expense()
@limited("write")
def choose_category(request: LedgerRequest, expense: Expense) -> HttpResponse:
    """Set or confirm the category, or only the `kind`. htmx gets the updated row, or the list if the kind changes."""
    category, kind = request.POST.get("category", ""), request.POST.get("kind", "")
    if kind in Kind:
        stored = [expense.category, *expense.alternatives.split(",")]
        category = category_of_kind(Kind(kind), [category_of(slug).slug for slug in stored])
    if category not in request.ledger.categories:
        message = _("FinBrain has no such category. Choose one from the list.")
        return HttpResponse(message, status=422, content_type="text/plain")
    changed = set_categories(request.ledger, [expense.pk], category)
    if changed.refused:
        return _refuse_change(request, _("This money left your account, so it can't be income."))
    names = {"title": isolated(expense.display_title), "category": category_of(category).name}
    text = _("%(title)s is now in %(category)s") % names
    undo_url = reverse("expenses:undo", args=[changed.batch]) if changed.count else ""
    offer: TwinsOffer = offer_twins(request.ledger, expense, changed.batch) if changed.count else {}
    if request.htmx.target == "inbox" or not request.htmx:
        return list_changed(request, text, undo_url, **offer)
    link = {"link_url": reverse("expenses:always", args=[expense.pk]), "link_text": _("Always…")}
    more = {**link, **offer} if changed.count else {}
    if changed.count and kind_of(category) != expense.kind:  # the sums change, too
        return list_changed(request, text, undo_url, **more)
    query = query_of_url(request.htmx.current_url or "")
    shown = RowStyle.to(request.ledger, query.display, with_year=query.month is None)
    rows = build_rows(find_rows(request.ledger.id, [expense.pk]), shown)
    return render(request, "expenses/_changed_row.html", {"rows": rows, "text": text, "undo_url": undo_url} | more)


def _refuse_change(request: LedgerRequest, text: str) -> HttpResponse:
    """Leave the page as it is and say why nothing changed."""
    if not request.htmx:
        messages.error(request, text)
        return redirect(way_back(request))
    toast = json.dumps({"toast": {"text": text, "error": True}})
    return HttpResponse(status=422, headers={"HX-Reswap": "none", "HX-Trigger": toast})

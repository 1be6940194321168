"""The pages of a ledger's rules. A rule is saved only after the person has seen what it decides about the past."""

import hashlib
from dataclasses import replace
from functools import wraps
from typing import Any, TypedDict

from bson import ObjectId
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from expenses.forms.rules import RuleForm, values_from, values_of
from expenses.ledger.by_rule import file_stored_by_rule, undo_rule
from expenses.listing.find_rows import find_rows
from expenses.listing.rows import ListRow, RowStyle, build_rows
from expenses.models import Expense
from expenses.models.rules import How, Rule, live
from expenses.people.ledger_settings import save_rules
from expenses.rules.effect import Effect, effect_of_rule
from expenses.rules.ordering import deleted, find_rule, moved, new_rule_id, restored, saved, switched
from expenses.rules.wording import conditions_text, decisions_text
from expenses.views.access import LedgerRequest, View, limited, signed_in, with_expense
from expenses.views.answers import list_changed, way_back

# Of the expenses that a rule would change, the page lists the newest.
_SHOWN = 20
_STEPS = {"up": -1, "down": 1}


def _with_rule(inner: View) -> View:
    """Decorator that requires sign-in and passes the ledger's `Rule` instead of the URL's `rule_id`, or else a 404."""

    @signed_in
    @wraps(inner)
    def wrapper(request: LedgerRequest, rule_id: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        rule = find_rule(request.ledger.rules, rule_id)
        if rule is None:
            raise Http404
        return inner(request, rule, *args, **kwargs)

    return wrapper


@require_safe
@signed_in
@limited("settings")
def show_rules(request: LedgerRequest) -> HttpResponse:
    """Show the rules in their order. moved, by: the rule and the button that keep the focus after a change."""
    rows = [_row(rule) for rule in live(request.ledger.rules)]
    focus = {"moved": request.GET.get("moved", ""), "by": request.GET.get("by", "")}
    return render(request, "rules/rules.html", {"rules": rows, **focus})


class _RuleRow(TypedDict):
    """A rule in words. category: that it files under, or ""."""

    id: str
    when: str
    then: str
    category: str
    is_on: bool


def _row(rule: Rule) -> _RuleRow:
    return {
        "id": rule.id,
        "when": conditions_text(rule),
        "then": decisions_text(rule),
        "category": rule.files_under,
        "is_on": rule.applies,
    }


@require_POST
@_with_rule
@limited("settings")
def change_rule(request: LedgerRequest, rule: Rule) -> HttpResponse:
    """Move a rule up or down, switch it on or off, or delete it: `action`."""
    action, rules, page = request.POST.get("action", ""), request.ledger.rules, reverse("expenses:rules")
    if action in _STEPS:
        save_rules(request.ledger, moved(rules, rule.id, _STEPS[action]))
        return redirect(f"{page}?moved={rule.id}&by={action}")
    if action in ("on", "off"):
        save_rules(request.ledger, switched(rules, rule.id, off=action == "off"))
        return redirect(f"{page}?moved={rule.id}&by=switch")
    if action == "delete":
        save_rules(request.ledger, deleted(rules, rule.id))
        undo_url = reverse("expenses:restore_rule", args=[rule.id])
        messages.success(request, _("Rule deleted. What it filed stays as it is."), extra_tags=undo_url)
    return redirect(page)


@require_POST
@signed_in
@limited("settings")
def restore_rule(request: LedgerRequest, rule_id: str) -> HttpResponse:
    """Restore the rule that was deleted last, in its place."""
    if all(rule.id != rule_id for rule in request.ledger.rules):
        raise Http404
    save_rules(request.ledger, restored(request.ledger.rules, rule_id))
    messages.success(request, _("Rule restored"))
    return redirect("expenses:rules")


@require_safe
@with_expense()
@limited("settings")
def always(request: LedgerRequest, expense: Expense) -> HttpResponse:
    """Show a rule that files everything from the merchant of an expense like the expense, and what it changes.

    It is a new one, unless the ledger has a rule for the merchant.
    """
    values = values_from(expense)
    mine = [rule for rule in live(request.ledger.rules) if rule.how == How.MERCHANT and rule.needs_title_only]
    if found := next((rule for rule in mine if rule.text == values["text"]), None):
        values = values_of(found) | {"category": expense.category}
    return _rule_page(request, found.id if found else new_rule_id(), values, way_back(request))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("settings")
def new_rule(request: LedgerRequest) -> HttpResponse:
    """Show the form for a new rule, preview it, or save it. The form carries its id, so that it is saved once."""
    if request.method != "POST":
        return _page(request, _form(request, new_rule_id()))
    sent = request.POST.get("id", "")
    return _rule_page(request, sent if ObjectId.is_valid(sent) else new_rule_id(), request.POST.dict())


@require_http_methods(["GET", "HEAD", "POST"])
@_with_rule
@limited("settings")
def edit_rule(request: LedgerRequest, rule: Rule) -> HttpResponse:
    """Show a rule and what it decides, preview a change of it, or save it."""
    return _rule_page(request, rule.id, request.POST.dict() if request.method == "POST" else values_of(rule))


def _rule_page(request: LedgerRequest, rule_id: str, values: dict[str, Any], next_url: str = "") -> HttpResponse:
    """Preview a rule of these values of the form, or save it as previewed. next_url: the page that follows."""
    form = _form(request, rule_id, values)
    if not form.is_valid():
        return _page(request, form, next_url=next_url, status=422 if request.method == "POST" else 200)
    before = find_rule(request.ledger.rules, rule_id)
    rule = replace(form.rule(), off=bool(before and before.off))
    if request.POST.get("action") == "save" and request.POST.get("seen") == _digest(rule):
        return _save(request, rule)
    return _page(request, form, rule, next_url)


def _form(request: LedgerRequest, rule_id: str, values: dict[str, Any] | None = None) -> RuleForm:
    ledger = request.ledger
    return RuleForm(values, rules=ledger.rules, rule_id=rule_id, home_currency=ledger.home_currency, initial=values)


def _digest(rule: Rule) -> str:
    """Identify what a person has seen a preview of."""
    return hashlib.sha256(repr(replace(rule, id="").to_stored()).encode()).hexdigest()[:16]


def _save(request: LedgerRequest, rule: Rule) -> HttpResponse:
    """Save a rule, and if the person wants it, file by it what it decides."""
    rules = saved(request.ledger.rules, rule)
    save_rules(request.ledger, rules)
    text, undo_url = _("Rule saved"), ""
    past, by_hand = bool(request.POST.get("past")), bool(request.POST.get("by_hand"))
    if rule.applies and (past or by_hand):
        effect = effect_of_rule(request.ledger.id, rules, rule)
        ids = [*(effect.to_file if past else ()), *(effect.by_hand if by_hand else ())]
        filed = file_stored_by_rule(request.ledger, rule, ids, by_hand=by_hand)
        said = ngettext("Rule saved. It filed %(n)d expense.", "Rule saved. It filed %(n)d expenses.", filed.count)
        text = said % {"n": filed.count}
        undo_url = reverse("expenses:undo_rule", args=[filed.batch]) if filed.count else ""
    messages.success(request, text, extra_tags=undo_url)
    return redirect(_next_of(request) or reverse("expenses:rules"))


def _next_of(request: LedgerRequest) -> str:
    return way_back(request) if request.POST.get("next") else ""


def _page(
    request: LedgerRequest, form: RuleForm, rule: Rule | None = None, next_url: str = "", status: int = 200
) -> HttpResponse:
    is_new = find_rule(request.ledger.rules, form.rule_id) is None
    address = reverse("expenses:new_rule") if is_new else reverse("expenses:rule", args=[form.rule_id])
    context = {"form": form, "is_new": is_new, "address": address, "next": next_url or _next_of(request)}
    context |= {"rules_url": reverse("expenses:rules")}
    if rule:
        context["preview"] = _preview(request, rule)
    return render(request, "rules/rule.html", context, status=status)


class _PreviewRow(ListRow):
    """by_hand: whether a person filed it."""

    by_hand: bool


class _Preview(_RuleRow):
    """The effect of a rule on the past. seen: identifies what is shown.

    differ, to_file, by_hand: how many expenses it would change, file, and file although a person did. unlisted: how
    many of those that it would change aren't in `rows`.
    """

    seen: str
    effect: Effect
    differ: int
    unlisted: int
    to_file: int
    by_hand: int
    rows: list[_PreviewRow]


def _preview(request: LedgerRequest, rule: Rule) -> _Preview:
    """What the rule decides about the past, with the newest of the expenses that it would change."""
    ledger = request.ledger
    on = replace(rule, off=False)
    effect = effect_of_rule(ledger.id, saved(ledger.rules, on), on)
    rows = build_rows(find_rows(ledger.id, effect.differ[:_SHOWN]), RowStyle.to(ledger, with_year=True))
    by_hand = set(map(str, effect.by_hand))
    return {
        **_row(rule),
        "seen": _digest(rule),
        "effect": effect,
        "differ": len(effect.differ),
        "unlisted": len(effect.differ) - len(rows),
        "to_file": len(effect.to_file),
        "by_hand": len(by_hand),
        "rows": [{**row, "by_hand": row["id"] in by_hand} for row in rows],
    }


@require_POST
@signed_in
@limited("write")
def undo_filing(request: LedgerRequest, batch: str) -> HttpResponse:
    """Undo what a rule filed in the past. The rule stays."""
    count = undo_rule(request.ledger, batch)
    text = ngettext("%(n)d expense is as it was before", "%(n)d expenses are as they were before", count)
    return list_changed(request, text % {"n": count})

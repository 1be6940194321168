"""What comes again: proposals, what is due, what it costs, and what a person does with a series."""

from functools import partial

from bson import ObjectId
from bson.errors import InvalidId
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.afterwards import later
from expenses.forms.series import SeriesForm, initial_of_series
from expenses.ledger.entries import NewExpense, add_expense
from expenses.listing.waiting import waiting_count
from expenses.models import Expense, Series, SeriesState
from expenses.rates.rate_series import rates_version
from expenses.recurring import life
from expenses.recurring.fitting import facts_of_series
from expenses.recurring.recurring_page import RecurringContext, recurring_context, shown_entries
from expenses.recurring.refreshing import find_series, refresh_if_free
from expenses.sums.month_tokens import all_tokens
from expenses.views.access import LedgerRequest, limited, signed_in, with_any_series, with_series
from expenses.views.kept_pages import kept_page, state_of
from finbrain.core.bidi import isolated
from finbrain.core.rate_limits import limit

_PAGE = "expenses:recurring"
_DECIDED = ("is_income", "texts", "confidence", "state")


class _RecurringPage(RecurringContext):
    """is_new: whether FinBrain looks for series for the first time."""

    is_new: bool
    inbox_count: int


@require_safe
@signed_in
def show_recurring(request: LedgerRequest) -> HttpResponse:
    """Show the ledger's series. On the first visit, FinBrain looks for some after the answer."""
    ledger, today = request.ledger, timezone.localdate()
    rows, every = find_series(ledger.id), all_tokens(ledger.id)
    if not rows:
        later(request, partial(refresh_if_free, ledger.id, today))

    def context() -> _RecurringPage:
        limit("list", request.user.pk)
        waiting = waiting_count(ledger.id, ledger.threshold, every)
        return {**recurring_context(ledger, rows, today), "is_new": not rows, "inbox_count": waiting}

    made_of = rows, sorted(every.items()), rates_version(), today
    return kept_page(request, state_of(request, made_of), "recurring/recurring.html", context)


@require_POST
@signed_in
@limited("plan")
def look_for_series(request: LedgerRequest) -> HttpResponse:
    """Look through the whole ledger."""
    refresh_if_free(request.ledger.id, timezone.localdate())
    return redirect(_PAGE)


@require_POST
@with_series
@limited("write")
def set_series_state(request: LedgerRequest, series: Series) -> HttpResponse:
    """Keep, dismiss, pause or end a series: `state`."""
    state = request.POST.get("state", "")
    if state in SeriesState and state != SeriesState.PROPOSED:
        life.set_state(request.ledger.id, series.pk, SeriesState(state))
        said = {
            SeriesState.KEPT: _("%(name)s is kept."),
            SeriesState.DISMISSED: _("%(name)s is dismissed. FinBrain won't propose it again."),
            SeriesState.PAUSED: _("%(name)s is paused."),
            SeriesState.ENDED: _("%(name)s has ended."),
        }
        undo = f"{reverse('expenses:series_restore', args=[series.pk])}?state={series.state}"
        is_gone = state == SeriesState.DISMISSED
        name = {"name": isolated(series.name)}
        messages.success(request, said[SeriesState(state)] % name, extra_tags=undo if is_gone else "")
    return redirect(_PAGE)


@require_POST
@with_any_series
@limited("write")
def restore_series(request: LedgerRequest, series: Series) -> HttpResponse:
    """Set a dismissed series back to `state` in the URL, or keep it if there is none."""
    state, name = request.GET.get("state", ""), isolated(series.name)
    if state in SeriesState and state != SeriesState.DISMISSED:
        life.restore_series(request.ledger.id, series.pk, SeriesState(state))
        messages.success(request, _("Restored %(title)s") % {"title": name})
    else:
        life.set_state(request.ledger.id, series.pk, SeriesState.KEPT)
        later(request, partial(refresh_if_free, request.ledger.id, timezone.localdate()))
        messages.success(request, _("%(name)s is kept.") % {"name": name})
    return redirect(_PAGE)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("write")
def new_series(request: LedgerRequest) -> HttpResponse:
    """Make a series by hand, which may have no entry yet."""
    initial = {"currency": request.ledger.home_currency, "next_on": timezone.localdate(), "cycle": "monthly"}
    form = SeriesForm(request.POST) if request.method == "POST" else SeriesForm(initial=initial)
    series = Series(ledger_id=request.ledger.id, state=SeriesState.KEPT)
    return _form_answer(request, form, series)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_series
@limited("write")
def edit_series(request: LedgerRequest, series: Series) -> HttpResponse:
    """Correct a series. A proposal that is corrected is kept."""
    form = SeriesForm(request.POST) if request.method == "POST" else SeriesForm(initial=initial_of_series(series))
    if series.state == SeriesState.PROPOSED:
        series.state = SeriesState.KEPT
    return _form_answer(request, form, series)


def _form_answer(request: LedgerRequest, form: SeriesForm, series: Series) -> HttpResponse:
    if form.is_bound and form.is_valid():
        form.apply_to(series)
        # Entries that attach in the meantime stay.
        series.save(update_fields=None if series.pk is None else [*form.fields, *_DECIDED])
        messages.success(request, _("Saved %(title)s") % {"title": isolated(series.name)})
        return redirect(_PAGE)
    status = 422 if form.is_bound else 200
    context = {"form": form, "series": series, "entries": shown_entries(series.entries)}
    return render(request, "recurring/edit.html", context, status=status)


@require_POST
@with_series
@limited("write")
def pay_series(request: LedgerRequest, series: Series) -> HttpResponse:
    """Add the entry that is due, on its day or today if that is later. Twice the same click adds one entry."""
    ledger = request.ledger
    due = request.POST.get("due", "")
    if due != series.next_on.isoformat():
        messages.info(request, _("%(name)s has already been entered.") % {"name": isolated(series.name)})
        return redirect(_PAGE)
    expense = _add_due(request, series)
    life.attach_to(ledger.id, series.pk, expense)
    undo = reverse("expenses:delete", args=[expense.pk])
    messages.success(request, _("Added %(title)s") % {"title": isolated(expense.title)}, extra_tags=undo)
    return redirect(_PAGE)


def _add_due(request: LedgerRequest, series: Series) -> Expense:
    facts = facts_of_series(next(row for row in find_series(request.ledger.id) if row["_id"] == series.pk))
    amount = life.usual_amount(facts)
    entry = NewExpense(
        title=series.name,
        amount=-amount if series.is_income else amount,
        currency=series.currency,
        spent_on=min(series.next_on, timezone.localdate()),
        category=series.category,
        account=series.account,
        entry_key=f"series-{series.pk}-{series.next_on}",
    )
    return add_expense(request.ledger, entry).expense


@require_POST
@with_series
@limited("write")
def detach_entry(request: LedgerRequest, series: Series) -> HttpResponse:
    """Detach the entry `id` from a series, for good."""
    try:
        key = str(ObjectId(request.POST.get("id", "")))
    except InvalidId:
        raise Http404 from None
    if life.detach(request.ledger.id, series.pk, key):
        messages.success(request, _("That entry no longer belongs to %(name)s.") % {"name": isolated(series.name)})
    return redirect(_PAGE)

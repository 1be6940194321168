"""The page with a ledger's own exchange rates. Nothing is saved before the person has seen what it changes."""

from collections.abc import Sequence
from typing import Any, TypedDict

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from expenses import money
from expenses.forms.own_rates import OwnRateForm
from expenses.listing.rate_effect import effect_of_rates
from expenses.models.own_rates import LedgerRate
from expenses.months import parse_day
from expenses.people.ledger_settings import save_own_rates
from expenses.people.own_rates import OwnRatesError, merged, read_rates_file, without_rate, write_rates
from expenses.views.access import LedgerRequest, limited, signed_in


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("settings")
def own_rates(request: LedgerRequest) -> HttpResponse:
    """Show the rates; preview rates that are added, imported or removed; or save the ones that were previewed."""
    if request.method != "POST":
        return _page(request)
    ledger, form = request.ledger, OwnRateForm(request.POST)
    try:
        match request.POST.get("action", ""):
            case "save":
                return _save(request)
            case "remove":
                sets = request.POST.get("sets", "")
                return _preview(request, without_rate(ledger.own_rates, parse_day(request.POST.get("since", "")), sets))
            case "import":
                file = request.FILES.get("file")
                if file is None:
                    return _page(request, problem=_("Choose a file first."), status=422)
                more = read_rates_file(file.read(), ledger.home_currency)
                return _preview(request, merged(ledger.own_rates, more))
        if form.is_valid():
            return _preview(request, merged(ledger.own_rates, [form.ledger_rate(ledger.home_currency)]))
    except OwnRatesError as error:
        return _page(request, problem=str(error), status=422)
    return _page(request, form=form, status=422)


def _save(request: LedgerRequest) -> HttpResponse:
    """Save the whole table, which the preview sent along as CSV."""
    rates = read_rates_file(request.POST.get("table", "").encode(), request.ledger.home_currency)
    save_own_rates(request.ledger, merged((), rates))
    messages.success(request, _("Saved."))
    return redirect("own_rates")


def _preview(request: LedgerRequest, rates: Sequence[LedgerRate]) -> HttpResponse:
    effect, language, home = effect_of_rates(request.ledger, rates), get_language(), request.ledger.home_currency
    changes = {
        kind.value: {
            "count": change.count,
            "before": money.format_money(change.before, home, language),
            "after": money.format_money(change.after, home, language),
        }
        for kind, change in effect.kinds.items()
    }
    preview = {"table": write_rates(rates), "changes": changes, "new": effect.new, "lost": effect.lost}
    return _page(request, rates=rates, preview=preview)


def _page(
    request: LedgerRequest,
    *,
    rates: Sequence[LedgerRate] | None = None,
    form: OwnRateForm | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    shown = request.ledger.own_rates if rates is None else rates
    if form is None:
        initial = {"currency": request.ledger.home_currency, "since": timezone.localdate()}
        form = OwnRateForm(initial=initial)
    context |= {"form": form, "rates": [_row(rate, rate not in request.ledger.own_rates) for rate in reversed(shown)]}
    return render(request, "people/own_rates.html", context, status=status)


class _OwnRateRow(TypedDict):
    """A rate that a person set. is_new: whether it isn't saved yet."""

    since: str
    since_text: str
    text: str
    sets: str
    is_new: bool


def _row(rate: LedgerRate, is_new: bool) -> _OwnRateRow:
    return {
        "since": rate.since.isoformat(),
        "since_text": date_format(rate.since, "DATE_FORMAT"),
        "text": f"1 {rate.unit} = {rate.rate:,f} {rate.currency}",
        "sets": rate.sets,
        "is_new": is_new,
    }


@never_cache
@require_safe
@signed_in
@limited("settings")
def export_own_rates(request: LedgerRequest) -> HttpResponse:
    """Download the rates as CSV, which this page can import."""
    response = HttpResponse(write_rates(request.ledger.own_rates), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="finbrain-rates.csv"'
    return response

"""The options of the command palette, which a page loads when somebody opens it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from expenses import money
from expenses.months import add_months, month_of, month_text
from expenses.views.access import LedgerRequest, limited, signed_in

_MONTHS = 36
# Shown before anything is typed.
_AT_HAND = 3


@require_safe
@signed_in
@limited("list")
def show_palette(request: LedgerRequest) -> HttpResponse:
    """Show what the palette offers: pages, months, currencies and themes."""
    this_month = month_of(timezone.localdate())
    months = [add_months(this_month, -ago) for ago in range(_MONTHS)]
    codes = dict.fromkeys([request.ledger.home_currency, *money.COMMON, *money.CURRENT])
    language = get_language() or "en"
    context = {
        "months": [(month_text(month), date_format(month, "YEAR_MONTH_FORMAT")) for month in months],
        "currencies": [(code, money.currency_name(code, language)) for code in codes],
        "at_hand": _AT_HAND,
    }
    return render(request, "expenses/_palette_options.html", context)

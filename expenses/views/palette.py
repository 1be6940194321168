"""The options of the command palette, which a page loads when somebody opens it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_safe

from expenses import money
from expenses.dashboard.saved import view_link
from expenses.models.saved_views import read_views
from expenses.months import add_months, month_of, month_text
from expenses.views.access import LedgerRequest, limited, signed_in

# The icon, the address and the name of each page.
_PAGES = (
    ("list", "expenses:list", gettext_lazy("Expenses")),
    ("dashboard", "dashboard", gettext_lazy("Dashboard")),
    ("inbox", "expenses:inbox", gettext_lazy("Inbox")),
    ("calendar", "expenses:recurring", gettext_lazy("Recurring")),
    ("dashboard", "expenses:budgets", gettext_lazy("Budgets")),
    ("import", "expenses:import", gettext_lazy("Import")),
    ("filter", "expenses:rules", gettext_lazy("Your rules")),
    ("table", "categories:list", gettext_lazy("Your categories")),
    ("globe", "own_rates", gettext_lazy("Your exchange rates")),
    ("memory", "expenses:learned", gettext_lazy("What FinBrain learned")),
    ("trash", "expenses:trash", gettext_lazy("Trash")),
    ("settings", "account_settings", gettext_lazy("Settings")),
    ("help", "help:index", gettext_lazy("Help")),
)
_MONTHS = 36
# Shown before anything is typed.
_AT_HAND = 3


@require_safe
@signed_in
@limited("list")
def show_palette(request: LedgerRequest) -> HttpResponse:
    """Show what the palette offers: pages, saved views, months, currencies and themes."""
    today = timezone.localdate()
    months = [add_months(month_of(today), -ago) for ago in range(_MONTHS)]
    codes = dict.fromkeys([request.ledger.home_currency, *money.COMMON, *money.CURRENT])
    language = get_language() or "en"
    context = {
        "pages": [(name.replace(":", "-"), icon, reverse(name), label) for icon, name, label in _PAGES],
        "views": [view_link(view, reverse("dashboard"), today) for view in read_views(request.user.saved_views)],
        "months": [(month_text(month), date_format(month, "YEAR_MONTH_FORMAT")) for month in months],
        "currencies": [(code, money.currency_name(code, language)) for code in codes],
        "at_hand": _AT_HAND,
    }
    return render(request, "expenses/_palette_options.html", context)

"""The start page."""

from decimal import Decimal

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.models import User
from expenses.money import format_money
from expenses.sums.month_tokens import all_tokens
from expenses.views.access import LedgerRequest, signed_in
from expenses.views.dashboard import dashboard_with

# The languages in which static/img/landing has pictures.
_PICTURED = {"en", "he"}
# The amounts of the landing page's example.
_EXAMPLES = {
    "taxi": ("58", "ILS"),
    "pharmacy": ("122", "ILS"),
    "rent": ("3200", "ILS"),
    "course": ("49", "EUR"),
    "coffee": ("6.75", "USD"),
}


@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """Show the landing page, or the dashboard to signed-in people. Those without any expense begin in the list."""
    if not isinstance(request.user, User):
        amounts = {name: format_money(Decimal(text), code, get_language()) for name, (text, code) in _EXAMPLES.items()}
        return render(request, "landing.html", {"pictures": _pictures_language(), "amounts": amounts})
    return _start(request)


@signed_in
def _start(request: LedgerRequest) -> HttpResponse:
    tokens = all_tokens(request.ledger.id)
    return dashboard_with(request, tokens) if tokens else redirect(settings.ACCOUNT_SIGNUP_REDIRECT_URL)


def _pictures_language() -> str:
    language = get_language() or ""
    return language if language in _PICTURED else "en"

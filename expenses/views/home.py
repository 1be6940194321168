"""The start page."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.models import User
from expenses.sums.month_tokens import all_tokens
from expenses.views.dashboard import dashboard


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the landing page, or the dashboard to signed-in people. Those without any expense begin in the list."""
    if not isinstance(request.user, User):
        return render(request, "landing.html")
    return dashboard(request) if all_tokens(request.user.pk) else redirect(settings.ACCOUNT_SIGNUP_REDIRECT_URL)

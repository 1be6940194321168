"""The start page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from expenses.views.dashboard import dashboard


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the landing page, or the dashboard to signed-in people."""
    if request.user.is_authenticated:
        return dashboard(request)
    return render(request, "landing.html")

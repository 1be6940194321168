"""The front door."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from expenses.views.dashboard import dashboard


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The landing page, or the dashboard for who is signed in."""
    if request.user.is_authenticated:
        return dashboard(request)
    return render(request, "landing.html")

"""Views that start a demo account and keep it as a real account."""

from allauth.core import ratelimit
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.allauth_forms import SignupForm
from accounts.keep_demo import keep_demo
from expenses.people.demo import start_demo
from expenses.views.access import LedgerRequest
from finbrain.core.rate_limits import limit


@require_POST
def start_demo_session(request: HttpRequest) -> HttpResponse:
    """Create a private demo account and sign in to it. Signed-in people keep their account unless they send `leave`."""
    if request.user.is_authenticated and "leave" not in request.POST:
        return redirect("dashboard")
    if not ratelimit.consume(request, action="demo"):
        return ratelimit.respond_429(request)
    if request.user.is_authenticated:
        logout(request)
    login(request, start_demo())
    UserSession.objects.create_from_request(request)
    return redirect("dashboard")


@require_http_methods(["GET", "POST"])
@login_required
def keep_demo_account(request: LedgerRequest) -> HttpResponse:
    """Turn the demo into a real account with email and password. Every expense stays."""
    if not request.user.is_demo:
        raise Http404
    limit("leave", request.user.pk)
    form = SignupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if keep_demo(request, form):
            update_session_auth_hash(request, request.user)
            messages.success(request, _("Welcome! The account and everything in it are now yours."))
            return redirect("dashboard")
        form.add_error("email", _("An account with this email address already exists. Sign in to it instead."))
    return render(request, "people/keep_demo.html", {"form": form}, status=422 if form.errors else 200)

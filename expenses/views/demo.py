"""Views that start a demo account and keep it as a real account."""

from functools import partial

from allauth.core import ratelimit
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import keep_demo
from accounts.afterwards import later
from accounts.allauth_forms import SignupForm
from accounts.networks import network_of
from accounts.session import demo_return, keep_signed_in
from accounts.unproven import is_mandatory
from expenses.people.demo import NoDemoFreeError, start_demo
from expenses.people.welcome import likely_territory
from expenses.views.access import LedgerRequest
from expenses.weeks import week_start_in
from finbrain.core.own_pages import is_own_page
from finbrain.core.rate_limits import limit


@require_POST
def start_demo_session(request: HttpRequest) -> HttpResponse:
    """Sign in to this browser's demo account, or create one. Signed-in people keep theirs unless they send `leave`."""
    if request.user.is_authenticated and "leave" not in request.POST:
        return redirect("dashboard")
    if not _may_start(request):
        return ratelimit.respond_429(request)
    demo = demo_return.find(request)
    try:
        user = demo or start_demo(week_start_in(likely_territory(request)))
    except NoDemoFreeError:
        return render(request, "people/no_demo_free.html", status=429)
    if request.user.is_authenticated:
        logout(request)
    login(request, user)
    UserSession.objects.create_from_request(request)
    if not demo and demo_return.COOKIE in request.COOKIES:
        messages.info(request, _("Your last demo is gone. This is a new one."))
    there = request.POST.get("next", "")
    response = redirect(there if demo and is_own_page(request, there) else "dashboard")
    demo_return.remember_demo(response, user)
    return response


def _may_start(request: HttpRequest) -> bool:
    """Count the demo for the visitor's address and network. False if there were too many."""
    by_network = partial(ratelimit.consume, request, action="demo_network", key=network_of(request))
    return ratelimit.consume(request, action="demo") and by_network()


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def keep_demo_account(request: LedgerRequest) -> HttpResponse:
    """Turn the demo into a real account with email and password. Every expense stays."""
    if not request.user.is_demo:
        raise Http404
    limit("leave", request.user.pk)
    form = SignupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="keep_demo"):
            return ratelimit.respond_429(request)
        keep_signed_in.stay(request, signed_in=form.cleaned_data["remember"])
        if is_mandatory():
            return _send_link(request, form)
        if keep_demo.keep_demo(request, form):
            update_session_auth_hash(request, request.user)
            messages.success(request, _("Welcome! The account and everything in it are now yours."))
            return redirect("dashboard")
        form.add_error("email", _("An account with this email address already exists. Sign in to it instead."))
    return render(request, "people/keep_demo.html", {"form": form}, status=422 if form.errors else 200)


def _send_link(request: LedgerRequest, form: SignupForm) -> HttpResponse:
    """Send a link to the email, and answer the same whether or not it has an account. Until then it stays a demo."""
    keeping = keep_demo.prepare_keeping(request, request.user, form)
    update_session_auth_hash(request, request.user)
    later(request, partial(keep_demo.ask_for_demo_proof, request, keeping))
    text = _("We sent a link to %(email)s. Open it within three days to keep this account.")
    messages.success(request, text % {"email": keeping.email})
    return redirect("dashboard")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_demo(request: HttpRequest, token: str) -> HttpResponse:
    """Make the demo a real account with a button, because virus scanners open links in emails too."""
    found = keep_demo.read_keeping_link(token)
    if request.method == "POST" and found and keep_demo.confirm(*found):
        messages.success(request, _("Welcome! The account and everything in it are now yours."))
        return redirect("dashboard")
    keeping = found[0] if found and request.method != "POST" else None
    return render(request, "people/confirm_demo.html", {"keeping": keeping}, status=200 if keeping else 410)

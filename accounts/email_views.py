"""Pages for changing the email address, and for stopping that or another change of the account."""

from functools import partial

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import email_change, second_step, stop_links
from accounts.afterwards import later
from accounts.forms import EmailChangeForm
from accounts.reauthentication import proof_required
from accounts.request_types import UserRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@proof_required
def change_email(request: UserRequest) -> HttpResponse:
    """Show and handle the form for a new email. It takes effect at once, or when its verification link is opened."""
    form = EmailChangeForm(request.POST if request.method == "POST" else None, current=request.user.email)
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="manage_email"):
            return ratelimit.respond_429(request)
        email = form.cleaned_data["email"]
        change = email_change.change_of(request.user, email)
        if email_change.needs_proof():
            later(request, partial(email_change.ask_for_email_proof, request, change))
            text = _("We sent a link to %(email)s. Open it within three days to change your email.")
            messages.success(request, text % {"email": email})
            return redirect("account_settings")
        if email_change.apply_change(request, change, request.user, verified=False):
            messages.success(request, _("Your email has been changed."))
            return redirect("account_settings")
        form.add_error("email", _("This email already has an account. Choose a different one."))
    return render(request, "account/email_change.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_change(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm the change with a button, because virus scanners open links in emails too. Asks for the second step."""
    found = email_change.read_change_link(token)
    if found and second_step.is_step_missing(request, found[1]):
        return second_step.ask(request, found[1])
    if request.method == "POST" and found and email_change.apply_change(request, *found, verified=True):
        messages.success(request, _("Your email has been changed."))
        return redirect("account_settings")
    change = found[0] if found and request.method != "POST" else None
    return render(request, "account/email_change_confirm.html", {"change": change}, status=200 if change else 410)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_change(request: HttpRequest, token: str) -> HttpResponse:
    """Stop or undo a change with a button. Needs no sign-in: somebody else may have changed the password."""
    found = stop_links.read_stop_link(token)
    is_back = stop_links.give_back(found) if found and request.method == "POST" else None
    context = {"stop": found, "is_back": is_back}
    return render(request, "account/stop.html", context, status=200 if found else 410)

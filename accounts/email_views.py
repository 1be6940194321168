"""Pages for changing the email address."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import email_change
from accounts.email_change import Change
from accounts.forms import EmailChangeForm
from accounts.reauthentication import proof_required
from accounts.requests import UserRequest


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
        if email_change.needs_proof():
            email_change.ask_for_proof(request, email)
            text = _("We sent a link to %(email)s. Open it within three days to change your email.")
            messages.success(request, text % {"email": email})
            return redirect("account_settings")
        change = Change(str(request.user.pk), request.user.email, email)
        is_taken = email_change.is_taken(email, request.user)
        if not is_taken and email_change.apply_change(request, change, verified=False):
            messages.success(request, _("Your email has been changed."))
            return redirect("account_settings")
        form.add_error("email", _("This email already has an account. Choose a different one."))
    return render(request, "account/email_change.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_change(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm the change with a button, because virus scanners open links in emails too."""
    change = email_change.read_link(token)
    if request.method == "POST" and change and email_change.apply_change(request, change, verified=True):
        messages.success(request, _("Your email has been changed."))
        return redirect("account_settings")
    is_over = change is None or request.method == "POST"
    context = {"change": None if is_over else change}
    return render(request, "account/email_change_confirm.html", context, status=410 if is_over else 200)

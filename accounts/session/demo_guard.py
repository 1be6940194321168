"""Redirects demo accounts from pages about email and password, which they don't have, to keeping the account."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.models import User

_GUARDED = ("account_change_password", "account_set_password", "account_email", "account_confirm_change", "mfa_")


def keep_first(request: HttpRequest) -> HttpResponse | None:
    """Return the redirect, or None if the person may see the page."""
    match, user = request.resolver_match, request.user
    if match is None or not (match.url_name or "").startswith(_GUARDED):
        return None
    if not isinstance(user, User) or not user.is_demo:
        return None
    messages.info(request, _("This demo has no password or email yet. Keep it as your own account first."))
    return redirect("demo_keep")

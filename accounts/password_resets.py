"""The email with the link for a new password, or the one that says that there is no account."""

from allauth.account.adapter import get_adapter
from allauth.account.utils import user_pk_to_url_str
from django.http import HttpRequest
from django.urls import reverse

from accounts import attempts
from accounts.grants import ResetTokens
from accounts.models import User


def send_reset(request: HttpRequest, email: str) -> None:
    """Send the email, unless this address or network has asked too often."""
    if not attempts.count_reset(request, email):
        return
    adapter = get_adapter(request)
    user = User.objects.filter(email=email, is_active=True).first()
    if user is None:
        adapter.send_mail("account/email/unknown_account", email, {"signup_url": reverse("account_signup")})
        return
    link = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), ResetTokens().make_token(user)])
    adapter.send_mail("account/email/password_reset_key", email, {"password_reset_url": link})

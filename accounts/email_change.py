"""Changing the email address. Where emails are verified, the change happens when its link is opened.

Nothing is stored until then: nobody may reset a password through an unverified email.
"""

from typing import NamedTuple

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.app_settings import EmailVerificationMethod
from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from bson import ObjectId
from django.core import signing
from django.db import IntegrityError
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import User
from accounts.requests import UserRequest

SALT = "accounts.email-change"
LIFE_SECONDS = 3 * 24 * 3600


class Change(NamedTuple):
    """What a link contains. It only works while the account's email is still `before`."""

    user_id: str
    before: str
    after: str


def needs_proof() -> bool:
    return app_settings.EMAIL_VERIFICATION != EmailVerificationMethod.NONE


def is_taken(email: str, user: User) -> bool:
    return any(other.pk != user.pk for other in filter_users_by_email(email))


def ask_for_proof(request: UserRequest, email: str) -> None:
    """Send the link to the new email. If it has an account, tell its owner by email, but not the person who asked."""
    adapter = get_adapter(request)
    if not ratelimit.consume(request, action="change_email", key=email):
        return
    if is_taken(email, request.user):
        adapter.send_account_already_exists_mail(email)
        return
    token = signing.dumps([str(request.user.pk), request.user.email, email], salt=SALT)
    url = request.build_absolute_uri(reverse("account_confirm_change", args=[token]))
    adapter.send_mail("account/email/email_change", email, {"activate_url": url})


def read_link(token: str) -> Change | None:
    """Read a link's token; None if it is forged or expired."""
    try:
        return Change(*signing.loads(token, salt=SALT, max_age=LIFE_SECONDS))
    except signing.BadSignature:
        return None


def apply_change(request: HttpRequest, change: Change, *, verified: bool) -> bool:
    """Change the account's email and notify the old one. False if the link was used or the email is taken."""
    user_id = ObjectId(change.user_id)
    try:
        if not User.objects.filter(pk=user_id, email=change.before).update(email=change.after):
            return False
    except IntegrityError:
        return False
    EmailAddress.objects.filter(user_id=user_id).delete()
    EmailAddress.objects.create(user_id=user_id, email=change.after, primary=True, verified=verified)
    names = {"from_email": change.before, "to_email": change.after}
    user = User.objects.get(pk=user_id)
    get_adapter(request).send_notification_mail("account/email/email_changed", user, names, email=change.before)
    return True

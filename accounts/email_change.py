"""Changing the email address. Where emails are verified, the change happens when its link is opened.

Nothing is stored until then: nobody may reset a password through an unverified email. The old email gets a link that
stops the change (accounts/stop_links.py).
"""

from typing import NamedTuple

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.app_settings import EmailVerificationMethod
from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from bson import ObjectId
from django.core import signing
from django.db import IntegrityError
from django.http import HttpRequest
from django.urls import reverse

from accounts import grants, stop_links
from accounts.models import User
from accounts.request_types import UserRequest
from accounts.unproven import free_address, is_free

SALT = "accounts.email-change"
LIFE_SECONDS = 3 * 24 * 3600


class EmailChange(NamedTuple):
    """What a link contains. It only works while the account's email is `before` and what it presumes is current."""

    user_id: str
    before: str
    after: str
    presumed: str


def needs_proof() -> bool:
    return app_settings.EMAIL_VERIFICATION != EmailVerificationMethod.NONE


def change_of(user: User, email: str) -> EmailChange:
    return EmailChange(str(user.pk), user.email, email, grants.digest(user))


def ask_for_email_proof(request: UserRequest, change: EmailChange) -> None:
    """Send the link to the new email, and a link that stops the change to the old one.

    If the new email has an account, its owner gets an email that says so. The person who asked isn't told.
    """
    adapter = get_adapter(request)
    if not ratelimit.consume(request, action="change_email", key=change.after):
        return
    stop_url = stop_links.link(change.user_id, change.before, change.after)
    names = {"to_email": change.after, "stop_url": stop_url}
    adapter.send_notification_mail("account/email/email_change_asked", request.user, names, email=change.before)
    if is_free(change.after):
        url = reverse("account_confirm_change", args=[signing.dumps(change, salt=SALT)])
        adapter.send_mail("account/email/email_change", change.after, {"activate_url": url})
    else:
        adapter.send_account_already_exists_mail(change.after)


def read_change_link(token: str) -> tuple[EmailChange, User] | None:
    """Read a link's token. None if it is forged or expired, or if something that it presumes has changed."""
    try:
        change = EmailChange(*signing.loads(token, salt=SALT, max_age=LIFE_SECONDS))
    except (signing.BadSignature, TypeError):
        return None
    user = User.objects.filter(pk=ObjectId(change.user_id), email=change.before, is_active=True).first()
    return (change, user) if user and grants.is_current(user, change.presumed) else None


def apply_change(request: HttpRequest, change: EmailChange, user: User, *, verified: bool) -> bool:
    """Change the account's email and notify the old one. False if the link was used or the email is taken.

    user: as it was when the link was checked. If the password has changed since, nothing happens.
    """
    if verified:
        free_address(change.after)
    unchanged = User.objects.filter(pk=user.pk, email=change.before, password=user.password)
    try:
        if not unchanged.update(email=change.after):
            return False
    except IntegrityError:
        return False
    EmailAddress.objects.filter(user_id=user.pk).delete()
    EmailAddress.objects.create(user_id=user.pk, email=change.after, primary=True, verified=verified)
    stop_url = stop_links.link(change.user_id, change.before, change.after)
    names = {"from_email": change.before, "to_email": change.after, "stop_url": stop_url}
    get_adapter(request).send_notification_mail("account/email/email_changed", user, names, email=change.before)
    return True

"""The link that stops a change of email, or undoes it. It goes to the old email and outlives every password.

Somebody who knows the password could ask for a change, and then change the password too. So the link presumes only that
its reader reads the old email. It works for a week after it was sent: long enough to come back from a holiday weekend,
and no longer, because an old email may one day belong to somebody else.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from bson import ObjectId
from django.contrib.auth.hashers import make_password
from django.core import signing
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.unproven import free_address

_SALT = "accounts.email-stop"
LIFE_SECONDS = 7 * 24 * 3600


class Stop(NamedTuple):
    """What a link contains, and when it was made."""

    user_id: str
    before: str
    after: str
    made_at: datetime


class Outcome(StrEnum):
    STOPPED = "stopped"
    UNDONE = "undone"
    TAKEN = "taken"


def link(user_id: str, before: str, after: str) -> str:
    """The path of a link. `read_link` takes the token in it."""
    token = signing.dumps([user_id, before, after, int(timezone.now().timestamp())], salt=_SALT)
    return reverse("account_stop_change", args=[token])


def read_link(token: str) -> Stop | None:
    """Read a link's token. None if it is forged or expired, or if the account was deleted."""
    try:
        user_id, before, after, made_at = signing.loads(token, salt=_SALT, max_age=LIFE_SECONDS)
    except signing.BadSignature:
        return None
    if not User.objects.filter(pk=ObjectId(user_id)).exists():
        return None
    return Stop(user_id, before, after, datetime.fromtimestamp(made_at, UTC))


def stop_change(stop: Stop) -> Outcome:
    """Void every link that is pending. If the email has changed already, give the account its old one back.

    Opening the link again does no harm.
    """
    account = User.objects.filter(pk=ObjectId(stop.user_id))
    if account.filter(email=stop.before).update(links_stopped_at=timezone.now()):
        return Outcome.STOPPED
    return _undo(stop)


def _undo(stop: Stop) -> Outcome:
    """Restore the email and shut out whoever changed it: no session, password or later second step of theirs is left.

    The owner then chooses a new password through the restored email.
    """
    user_id = ObjectId(stop.user_id)
    free_address(stop.before)
    shut_out = {"password": make_password(None), "links_stopped_at": timezone.now()}
    try:
        User.objects.filter(pk=user_id).update(email=stop.before, **shut_out)
    except IntegrityError:
        return Outcome.TAKEN
    EmailAddress.objects.filter(user_id=user_id).delete()
    EmailAddress.objects.create(user_id=user_id, email=stop.before, primary=True, verified=True)
    Authenticator.objects.filter(user_id=user_id, created_at__gte=stop.made_at).delete()
    return Outcome.UNDONE

"""The link in emails about the account that stops what was done, and gives the account back to who reads that email.

Somebody who knows the password could change the email, add a second step, and change the password too, in any order. So
the link presumes only that its reader reads the email that the account had. It works for a week after it was sent: long
enough to come back from a holiday weekend, and no longer, because an old email may one day belong to somebody else.

An earlier link overrules a later one, which may have gone to the thief's own email: when a link is used, those that
were made after it are void.
"""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from allauth.account.models import EmailAddress
from allauth.mfa.base.internal.flows import delete_dangling_recovery_codes
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
LIFE = timedelta(weeks=1)


class Stop(NamedTuple):
    """What a link contains, and when it was made.

    before: the email to which it was sent. after: the email that somebody asked for, "" if the link is about something
    else.
    """

    user_id: str
    before: str
    after: str
    made_at: datetime


def link(user_id: str, before: str, after: str = "") -> str:
    """The path of a link. `read_stop_link` takes the token in it."""
    token = signing.dumps([user_id, before, after, timezone.now().timestamp()], salt=_SALT)
    return reverse("account_stop", args=[token])


def read_stop_link(token: str) -> Stop | None:
    """Read a link's token. None if it is forged, expired or void, or if the account was deleted."""
    try:
        user_id, before, after, made_at = signing.loads(token, salt=_SALT, max_age=LIFE)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=ObjectId(user_id)).first()
    if user is None or any(start < made_at <= end for start, end in _void_times(user)):
        return None
    return Stop(user_id, before, after, datetime.fromtimestamp(made_at, UTC))


def give_back(stop: Stop) -> bool:
    """Give the account back to the reader of the link's email, who then chooses a new password through it.

    No session, password or pending link is left, and no second step added since a week before the email: each of those
    had its own link in vain. Returns False, and changes nothing, if another account has the email. Doing it again does
    no harm.
    """
    user = User.objects.get(pk=ObjectId(stop.user_id))
    if user.email != stop.before:
        free_address(stop.before)
    now = timezone.now()
    shut_out = {"password": make_password(None), "links_stopped_at": now, "void_stop_links": _void(user, stop, now)}
    try:
        User.objects.filter(pk=user.pk).update(email=stop.before, **shut_out)
    except IntegrityError:
        return False
    EmailAddress.objects.filter(user_id=user.pk).delete()
    EmailAddress.objects.create(user_id=user.pk, email=stop.before, primary=True, verified=True)
    Authenticator.objects.filter(user_id=user.pk, created_at__gte=stop.made_at - LIFE).delete()
    delete_dangling_recovery_codes(user)
    return True


def _void(user: User, stop: Stop, now: datetime) -> list[list[float]]:
    """The times from which links are void, with those after this link, and without any that no link can be from."""
    start, oldest = stop.made_at.timestamp(), (now - LIFE).timestamp()
    earlier = [[since, until] for since, until in _void_times(user) if since < start and until > oldest]
    return [*earlier, [start, now.timestamp()]]


def _void_times(user: User) -> list[list[float]]:
    """The pairs in `void_stop_links`, without damaged ones."""
    return [pair for pair in user.void_stop_links if isinstance(pair, list) and list(map(type, pair)) == [float] * 2]

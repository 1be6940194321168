"""The secret address of a person's calendar feed, which calendar apps ask without signing in.

It has the person's id and a key, signed with SECRET_KEY. The key is stored with the person: with another one, or none,
the address is unknown. Who reads the database alone can't make the address.
"""

import secrets
from typing import NamedTuple

from bson import ObjectId
from bson.errors import InvalidId
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from accounts.models import User

_KEY_BYTES = 16


class Claim(NamedTuple):
    """What an address says, whether or not it is the current one."""

    person_id: ObjectId
    key: str


def address_of(user: User) -> str:
    """Return the address of the person's feed, "" if there is none."""
    if not user.calendar_key:
        return ""
    token = _signer().sign_object([str(user.pk), user.calendar_key])
    return settings.SITE_URL + reverse("expenses:calendar_feed", args=[token])


def read_feed_token(token: str) -> Claim | None:
    """Read the secret part of an address. None if it is forged."""
    try:
        person_id, key = _signer().unsign_object(token)
        return Claim(ObjectId(person_id), key)
    except (BadSignature, InvalidId, TypeError, ValueError):
        return None


def person_of(claim: Claim) -> User | None:
    """Return the person whose current address it is. None if the address was renewed or turned off."""
    user = User.objects.filter(pk=claim.person_id, is_active=True).first()
    is_current = user is not None and bool(user.calendar_key) and constant_time_compare(claim.key, user.calendar_key)
    return user if is_current else None


def make_address(user: User) -> None:
    """Make a new address. An earlier one is unknown from then on."""
    _store(user, secrets.token_urlsafe(_KEY_BYTES))


def turn_off_feed(user: User) -> None:
    """Make the address unknown."""
    _store(user, "")


def _store(user: User, key: str) -> None:
    user.calendar_key = key
    user.save(update_fields=["calendar_key"])


def _signer() -> Signer:
    return Signer(salt="expenses.calendar", sep=".")

"""Remembers in a signed cookie who has signed in on a device (OWASP: device cookies), whatever their password is now.

The cookie opens nothing. It only gives the device its own count of failed sign-ins, so that nobody elsewhere can use up
the owner's attempts.
"""

import secrets
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

COOKIE = "device"
_SALT = "accounts.known-devices"
_LIFE_SECONDS = 365 * 24 * 3600
_MOST_PEOPLE = 5


class _Device(NamedTuple):
    """What a cookie contains. people: keyed digests of the email addresses that signed in, the latest first."""

    id: str
    people: list[str]


def known_device(request: HttpRequest, email: str) -> str | None:
    """The id of the request's device, if this email address has signed in on it."""
    device = _read(request)
    return device.id if device and _digest(email) in device.people else None


def remember_device(request: HttpRequest, response: HttpResponse, email: str) -> None:
    """Set the cookie after a complete sign-in."""
    device, person = _read(request) or _Device(secrets.token_urlsafe(12), []), _digest(email)
    people = [person, *(other for other in device.people if other != person)][:_MOST_PEOPLE]
    response.set_cookie(
        COOKIE,
        signing.dumps([device.id, people], salt=_SALT),
        max_age=_LIFE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> _Device | None:
    try:
        return _Device(*signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_LIFE_SECONDS))
    except signing.BadSignature:
        return None


def _digest(email: str) -> str:
    return salted_hmac(_SALT, email.lower(), algorithm="sha256").hexdigest()[:16]

"""Leads a browser back to its demo after the session has ended, by a signed cookie.

The demo's own life decides how long that works, and a password ends it: an account that was kept needs a sign-in.
"""

from datetime import timedelta

from bson import ObjectId
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts import grants
from accounts.models import User

COOKIE = "demo"
_SALT = "accounts.demo-return"
_LIFE = timedelta(days=30)


def remember_demo(response: HttpResponse, demo: User) -> None:
    """Set the cookie."""
    response.set_cookie(
        COOKIE,
        signing.dumps([str(demo.pk), grants.digest(demo)], salt=_SALT),
        max_age=_LIFE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def find(request: HttpRequest) -> User | None:
    """The demo that the browser may return to. None if it has expired, was deleted or became a real account."""
    try:
        user_id, presumed = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_LIFE)
    except signing.BadSignature:
        return None
    demo = User.objects.filter(pk=ObjectId(user_id), is_active=True, demo_expires_at__gt=timezone.now()).first()
    return demo if demo and grants.is_current(demo, presumed) else None

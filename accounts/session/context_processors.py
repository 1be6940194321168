"""Session details for every page."""

from typing import TypedDict

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


class SessionContext(TypedDict, total=False):
    """Empty for people who aren't signed in."""

    session_life: int
    session_idle: int
    session_warning: int
    session_heartbeat: int
    session_ends_when_idle: bool
    session_person: str


def session(request: HttpRequest) -> SessionContext:
    """Variables for signed-in people: times in seconds, whether inactivity ends the session, a name for drafts.

    Drafts are texts that the browser keeps. Their name is a keyed hash of the person, so that somebody else in the same
    browser is never offered them.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "session_life": settings.SESSION_COOKIE_AGE,
        "session_idle": settings.SESSION_IDLE_SECONDS,
        "session_warning": settings.SESSION_WARNING_SECONDS,
        "session_heartbeat": settings.SESSION_HEARTBEAT_SECONDS,
        "session_ends_when_idle": request.session.get_expiry_age() <= settings.SESSION_COOKIE_AGE,
        "session_person": salted_hmac("kept-text", str(user.pk)).hexdigest()[:16],
    }

"""What every page knows about the person's session."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def session(request: HttpRequest) -> dict[str, Any]:
    """For who is signed in: times in seconds, whether idleness ends the session, and a name for text kept here.

    The name is a keyed hash: what one person typed is never offered to the next person at the same browser.
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

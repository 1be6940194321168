"""“Keep me signed in on this device”: asked by the form that begins a sign-in, kept once the sign-in is complete."""

from allauth.account import app_settings
from django.http import HttpRequest

# In the session of somebody who is signing in: their answer.
_ANSWER = "stays_signed_in"


def note_answer(request: HttpRequest) -> None:
    """Note the tick of the form until the second step is taken or the email confirmed."""
    request.session[_ANSWER] = bool(request.POST.get("remember"))


def take_answer(request: HttpRequest) -> bool | None:
    """Return the noted answer and forget it. None if nothing was asked."""
    return request.session.pop(_ANSWER, None)


def stay(request: HttpRequest, *, signed_in: bool) -> None:
    """Let the session outlive the browser, or end it when nobody uses it."""
    request.session.set_expiry(app_settings.SESSION_COOKIE_AGE if signed_in else 0)

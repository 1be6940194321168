"""A person's language and theme on every device: in pages once they sign in, in cookies for when they sign out."""

from allauth.account.signals import user_logged_in
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from accounts.models import User

_THEME_COOKIE = "theme"
_YEAR_SECONDS = 365 * 24 * 3600


def use_language(request: HttpRequest, user: User) -> None:
    """Answer this request in the person's language."""
    if user.language in dict(settings.LANGUAGES) and user.language != translation.get_language():
        translation.activate(user.language)
        request.LANGUAGE_CODE = user.language


def forget_language(response: HttpResponse) -> None:
    """Follow the browser's language again."""
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")


def remember_choices(response: HttpResponse, user: User) -> None:
    """Keep the person's language and theme in cookies, so that this device also uses them while nobody is signed in."""
    if user.language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            user.language,
            max_age=_YEAR_SECONDS,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            samesite="Lax",
        )
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(_THEME_COOKIE, user.theme, max_age=_YEAR_SECONDS, secure=secure, samesite="Lax")


def _on_login(sender: type, user: User, response: HttpResponse | None = None, **kwargs) -> None:
    if response is not None:
        remember_choices(response, user)


def connect_preferences() -> None:
    user_logged_in.connect(_on_login, dispatch_uid="accounts.session.preferences")

"""The session of a request, and the person behind it."""

from functools import cache
from typing import cast

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.session.demo_guard import keep_first
from accounts.session.demo_life import keep_demo_alive
from accounts.session.last_use import record_activity
from accounts.session.preferences import use_language
from accounts.session.time_zone import zone_named, zone_of_device


class Sessions(SessionMiddleware):
    """Django's middleware, except that a GET of the heartbeat doesn't extend the session. Reading a session does."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        if request.path_info == _heartbeat() and request.method != "POST":
            vars(request)["session"].keep_alive = False


@cache
def _heartbeat() -> str:
    return reverse("heartbeat")


class Person(AuthenticationMiddleware):
    """Middleware that recognises the person, once, and answers in their language and their device's time zone.

    Must come after sessions, messages and allauth's. Afterwards it notes when a session and a demo were last used.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.process_request(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            # Instead of Django's lazy object, which costs time whenever something of it is read.
            request.user = get_user(request)
            if isinstance(request.user, User):
                use_language(request, request.user)
        with timezone.override(zone_named(zone_of_device(request))):
            response = cast(HttpResponse, self.get_response(request))
        record_activity(request, response)
        keep_demo_alive(request)
        return response

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponse | None:
        return keep_first(request)

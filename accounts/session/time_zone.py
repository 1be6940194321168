"""Uses the time zone of the person's device, which the browser sends in a cookie (`static/js/ui.js`)."""

from collections.abc import Callable
from datetime import tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from allauth.account.signals import user_logged_in
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import User

TIME_ZONE_COOKIE = "timezone"


class TimeZoneOfDevice:
    """Middleware that activates the device's time zone, or the server's if the cookie is missing or wrong."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(zone_named(zone_of_device(request))):
            return self.get_response(request)


def zone_of_device(request: HttpRequest) -> str:
    """Return the IANA name of the device's zone, "" if the cookie is missing or wrong."""
    name = request.COOKIES.get(TIME_ZONE_COOKIE, "")
    return name if name in zone_names() else ""


def zone_of(user: User) -> tzinfo:
    """Return the zone of the device that the person signed in on last, or the server's. For work without a request."""
    return zone_named(user.time_zone or "") or timezone.get_default_timezone()


def zone_named(name: str) -> ZoneInfo | None:
    """The zone with this IANA name, or None. Checks a list first, because a name must never become a path."""
    return ZoneInfo(name) if name in zone_names() else None


@cache
def zone_names() -> frozenset[str]:
    return frozenset(available_timezones())


def _remember_zone(sender: type, request: HttpRequest, user: User, **kwargs: object) -> None:
    name = zone_of_device(request)
    if name and name != user.time_zone:
        user.time_zone = name
        user.save(update_fields=["time_zone"])


def connect_signals() -> None:
    """Connect the signal, so that every sign-in stores the device's time zone."""
    user_logged_in.connect(_remember_zone, dispatch_uid="accounts.session.time_zone")

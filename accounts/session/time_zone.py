"""Uses the time zone of the person's device, which the browser sends in a cookie (`static/js/ui.js`)."""

from datetime import tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from allauth.account.signals import user_logged_in
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User

TIME_ZONE_COOKIE = "timezone"


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


def connect_time_zone() -> None:
    """Connect the signal, so that every sign-in stores the device's time zone."""
    user_logged_in.connect(_remember_zone, dispatch_uid="accounts.session.time_zone")

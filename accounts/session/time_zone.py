"""Uses the time zone of the person's device, which the browser sends in a cookie (`static/js/ui.js`)."""

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.http import HttpRequest

TIME_ZONE_COOKIE = "timezone"


def zone_of_device(request: HttpRequest) -> ZoneInfo | None:
    """The device's time zone. None, for the server's, if the cookie is missing or wrong."""
    return zone_named(request.COOKIES.get(TIME_ZONE_COOKIE, ""))


def zone_named(name: str) -> ZoneInfo | None:
    """The zone with this IANA name, or None. Checks a list first, because a name must never become a path."""
    return ZoneInfo(name) if name in zone_names() else None


@cache
def zone_names() -> frozenset[str]:
    return frozenset(available_timezones())

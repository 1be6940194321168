"""Today is the day where the person is: their browser tells its time zone in a cookie (`static/js/ui.js`)."""

from collections.abc import Callable
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

TIME_ZONE_COOKIE = "timezone"


class TimeZoneOfDevice:
    """Answers a request in the zone of the device. One that tells none, or none that exists, has the server's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(zone_named(request.COOKIES.get(TIME_ZONE_COOKIE, ""))):
            return self.get_response(request)


def zone_named(name: str) -> ZoneInfo | None:
    """The zone of that IANA name, None if there is none. Looked up in a list: a name must never become a path."""
    return ZoneInfo(name) if name in zone_names() else None


@cache
def zone_names() -> frozenset[str]:
    return frozenset(available_timezones())

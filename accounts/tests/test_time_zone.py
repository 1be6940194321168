"""Today is the device's day."""

from datetime import UTC, datetime
from unittest.mock import patch

import pytest
from django.test import RequestFactory
from django.utils import timezone

from accounts.session.time_zone import TIME_ZONE_COOKIE, zone_named, zone_of_device

LATE_IN_GREENWICH = datetime(2026, 8, 31, 23, 30, tzinfo=UTC)


def today_for(cookie: str | None) -> str:
    """The date that a view uses as today."""
    request = RequestFactory().get("/")
    if cookie is not None:
        request.COOKIES[TIME_ZONE_COOKIE] = cookie
    with (
        patch.object(timezone, "now", return_value=LATE_IN_GREENWICH),
        timezone.override(zone_named(zone_of_device(request))),
    ):
        return timezone.localdate().isoformat()


@pytest.mark.parametrize(
    ("cookie", "today"),
    [
        ("Asia/Jerusalem", "2026-09-01"),
        ("America/New_York", "2026-08-31"),
        (None, "2026-08-31"),
        ("", "2026-08-31"),
        ("Mars/Olympus", "2026-08-31"),
        ("../../etc/passwd", "2026-08-31"),
        ("/usr/share/zoneinfo/Asia/Jerusalem", "2026-08-31"),
        ("x" * 5000, "2026-08-31"),
    ],
)
def test_today_is_the_day_of_the_device(cookie, today):
    assert today_for(cookie) == today


def test_the_next_request_is_in_its_own_zone_again():
    today_for("Asia/Jerusalem")
    assert timezone.get_current_timezone_name() == timezone.get_default_timezone_name()


def test_all_zones_that_browsers_name_are_known():
    assert all(zone_named(name) for name in ("UTC", "Asia/Kolkata", "Asia/Calcutta", "Etc/GMT+3", "Europe/Kyiv"))

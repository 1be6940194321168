"""What comes next as a calendar (RFC 5545), for calendar apps: an all-day event for each day that a series is due."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from classifier.category_set import category_of
from expenses.recurring.cycles import Cycle
from expenses.recurring.items import Item
from expenses.recurring.recurring_page import range_text

AHEAD = timedelta(days=396)
# How often apps should ask again.
_EVERY = timedelta(hours=12)


def calendar_of(items: Iterable[Item], today: date, *, amounts: bool) -> bytes:
    """Return the calendar of the next 13 months, in the current language.

    The same day of the same series has the same UID every time, so an app changes its event and adds no other.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//FinBrain//What comes next//EN")
    calendar.add("version", "2.0")
    for name in ("name", "x-wr-calname"):
        calendar.add(name, _("FinBrain: what comes next"))
    calendar.add("refresh-interval", _EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT12H")
    for item in items:
        summary = f"{item.name}, {range_text(item)}" if amounts else item.name
        description = f"{category_of(item.row['category']).name} · {Cycle(item.facts.cycle).label}"
        for day in item.due_days(today + AHEAD):
            event = _event(item.key, day, today)
            event.add("summary", summary)
            event.add("description", description)
            calendar.add_component(event)
    return calendar.to_ical()


def _event(key: str, day: date, today: date) -> Event:
    """Return the event of a series on a day, without its texts."""
    event = Event()
    event.add("uid", f"{key}-{day:%Y%m%d}@finbrain")
    event.add("dtstamp", datetime.combine(today, time(), UTC))
    event.add("dtstart", day)
    event.add("url", urljoin(settings.SITE_URL, reverse("expenses:series", args=[key])))
    event.add("class", "PRIVATE")
    # It takes no time of the day.
    event.add("transp", "TRANSPARENT")
    return event

"""Group the rows of a list by day, each group with its sum. A list with another order has no groups."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from expenses import money
from expenses.listing.cursor import decode_cursor
from expenses.listing.list_query import ListQuery
from expenses.listing.reading_sums import Span
from expenses.listing.rows import ListRow
from expenses.listing.totals import DaySum
from finbrain.core.stored import NO_TIME


def span_of(query: ListQuery, rows: Sequence[ListRow]) -> Span | None:
    """Return the days of the rows, None if they aren't grouped by day."""
    if not rows or not query.is_by_day:
        return None
    days = date.fromisoformat(rows[0]["date_iso"]), date.fromisoformat(rows[-1]["date_iso"])
    return Span(min(days), max(days))


def add_day_heads(rows: Sequence[ListRow], query: ListQuery, sums: Mapping[str, DaySum], display: str) -> None:
    """Add the head of its day to the first row of each. A day that the page before has begun gets none here.

    The sum is of the whole day, also if its rows are on two pages.
    """
    before = _last_day_before(query)
    for row in rows:
        if row["date_iso"] != before:
            before = row["date_iso"]
            row["day_text"] = _day_text(row)
            row["day_sum"] = sum_text(sums, before, display)


def _last_day_before(query: ListQuery) -> str:
    """Return the day of the last row of the page before, in ISO format, "" on the first page."""
    values = decode_cursor(query.sort, query.after) if query.after else None
    return values[0].date().isoformat() if values else ""


def _day_text(row: ListRow) -> str:
    day = date.fromisoformat(row["date_iso"])
    if day == NO_TIME.date():
        return row["date_text"]
    return _("%(weekday)s, %(day)s") % {"weekday": WEEKDAYS[day.weekday()], "day": row["date_text"]}


def sum_text(sums: Mapping[str, DaySum], day_iso: str, display: str) -> str:
    """Return the sum of a day, and how many amounts it leaves out because they have no rate."""
    day = sums.get(day_iso, DaySum("", 0))
    shown = money.format_money(Decimal(day.total), display, get_language()) if day.total else ""
    if not day.left_out:
        return shown
    left_out = ngettext("%(n)d amount left out", "%(n)d amounts left out", day.left_out) % {"n": day.left_out}
    return " · ".join(filter(None, (shown, left_out)))

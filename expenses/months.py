"""Months and periods: their limits, their form in URLs, and the presets. Needs neither a database nor a request.

A month is represented by the first day of the calendar month in which it begins. `months_starting` makes the day on
which a ledger's months begin the current one, as Django does with a language. Days of a month have numbers: in a month
that begins on the 25th, these are 25 to about 55.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from contextlib import AbstractContextManager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, timedelta

from finbrain.core.current import as_current

# The first day an expense can have, because the ECB's reference rates begin on it.
EARLIEST_DAY = date(1999, 1, 4)
YEARS_AHEAD = 5
MAX_MONTHS = 24
# When months begin: on a day of the calendar month, or on its last working day. A short month has the 31st on its last.
ON_FIRST, ON_LAST_WORKING_DAY = 1, 0
OTHER_DAYS, LAST_WORKING_DAY = tuple(map(str, range(2, 32))), "wd"
_SATURDAY = 5
_start: ContextVar[int] = ContextVar("month_start", default=ON_FIRST)
_MONTH = re.compile(r"((?:19|20)\d\d)-(0[1-9]|1[0-2])", re.ASCII)
_DAY = re.compile(r"(?:19|20)\d\d-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True)
class Period:
    """The months that a page shows.

    months: 1 to 24 first days, ascending. bad: texts in the query that aren't months. cut: whether more than 24 months
    were requested.
    """

    months: tuple[date, ...]
    bad: tuple[str, ...] = ()
    cut: bool = False

    @property
    def contiguous(self) -> bool:
        """Whether the months follow each other without gaps."""
        return add_months(self.months[0], len(self.months) - 1) == self.months[-1]

    def parameters(self) -> list[tuple[str, str]]:
        """Return URL parameters from which `parse_period` reads the same months."""
        if len(self.months) > 1 and self.contiguous:
            return [("from", month_text(self.months[0])), ("to", month_text(self.months[-1]))]
        return [("month", month_text(month)) for month in self.months]


def parse_period(months: Sequence[str], first: str, last: str, today: date) -> Period:
    """Read a period from `months`, or else from the range `first` to `last`. All are texts such as `2026-08`.

    `first` and `last` may be in any order, and one may be empty. Invalid texts are skipped and listed in `bad`. Without
    any valid month, the period is the month of `today`. Of more than 24 months, the latest 24 are kept.
    """
    texts = [text.strip() for text in (*months, first, last) if text.strip()]
    bad = tuple(dict.fromkeys(text[:20] for text in texts if _reachable(text, today) is None))
    chosen = sorted({month for text in months if (month := _reachable(text.strip(), today))})
    ends = [month for text in (first, last) if (month := _reachable(text.strip(), today))]
    if not chosen and ends:
        chosen = month_range(min(ends), max(ends))
    if not chosen:
        chosen = [month_of(today)]
    return Period(tuple(chosen[-MAX_MONTHS:]), bad, cut=len(chosen) > MAX_MONTHS)


def parse_month(text: str) -> date | None:
    """Read `YYYY-MM` in the years 1900 to 2099. None for anything else."""
    found = _MONTH.fullmatch(text)
    return date(int(found[1]), int(found[2]), 1) if found else None


def parse_day(text: str) -> date | None:
    """Read `YYYY-MM-DD` in the years 1900 to 2099. None for anything else."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _reachable(text: str, today: date) -> date | None:
    """Read `YYYY-MM`. None if it isn't a month that an expense can be in."""
    month = parse_month(text)
    return month if month and earliest_month() <= month <= latest_month(today) else None


def latest_day(today: date) -> date:
    """Return the last day that an expense can have."""
    return date(today.year + YEARS_AHEAD, 12, 31)


def latest_month(today: date) -> date:
    """Return the last month that an expense can be in."""
    return month_of(latest_day(today))


def earliest_month() -> date:
    """Return the first month that an expense can be in."""
    return month_of(EARLIEST_DAY)


def months_starting(start: int) -> AbstractContextManager[None]:
    """Make a day, or ON_LAST_WORKING_DAY, the current beginning of months in a block."""
    return as_current(_start, start)


def current_start() -> int:
    """Return the current beginning of months."""
    return _start.get()


def month_of(day: date) -> date:
    """Return the month that a day is in."""
    month = day.replace(day=1)
    return month if _start.get() == ON_FIRST or first_of(month) <= day else add_months(month, -1)


def first_of(month: date) -> date:
    """Return the first day of a month."""
    return start_in(month, _start.get())


def last_of(month: date) -> date:
    """Return the last day of a month."""
    return first_of(add_months(month, 1)) - timedelta(days=1)


def read_start(text: str) -> int:
    """Read what a ledger stores as the beginning of its months: a day, LAST_WORKING_DAY, or "" for the 1st."""
    if text == LAST_WORKING_DAY:
        return ON_LAST_WORKING_DAY
    return int(text) if text in OTHER_DAYS else ON_FIRST


def start_in(month: date, start: int) -> date:
    """Return the day of a calendar month on which a month begins. start: a day, or ON_LAST_WORKING_DAY."""
    if start == ON_LAST_WORKING_DAY:
        return last_working_day(month)
    return month if start == ON_FIRST else month.replace(day=min(start, monthrange(month.year, month.month)[1]))


def last_working_day(month: date) -> date:
    """Return the last day of a calendar month that is neither Saturday nor Sunday."""
    day = month.replace(day=monthrange(month.year, month.month)[1])
    return day - timedelta(days=max(0, day.weekday() - _SATURDAY + 1))


def number_in(month: date, day: date) -> int:
    """Return the number of a day in a month."""
    return (day - month).days + 1


def day_in(month: date, number: int) -> date:
    """Return the day of a month that has a number."""
    return month + timedelta(days=number - 1)


def days_of(month: date) -> list[date]:
    """Return all days of a month."""
    first = first_of(month)
    return [first + timedelta(days=n) for n in range((last_of(month) - first).days + 1)]


def presets(today: date) -> dict[str, tuple[date, ...]]:
    """Return the months of each preset period, by a name that saved views have, but no URL."""
    this = month_of(today)
    last = {f"last-{n}": tuple(month_range(add_months(this, 1 - n), this)) for n in (3, 6, 12, 24)}
    return {"this-month": (this,), **last, "this-year": tuple(month_range(this.replace(month=1), this))}


def add_months(month: date, n: int) -> date:
    """Return the month `n` months later, or earlier if `n` is negative."""
    count = month.year * 12 + month.month - 1 + n
    return date(count // 12, count % 12 + 1, 1)


def month_range(first: date, last: date) -> list[date]:
    """Return the months from `first` to `last`, both included."""
    months = (last.year - first.year) * 12 + last.month - first.month
    return [add_months(first, n) for n in range(months + 1)]


def month_text(month: date) -> str:
    """Return the month as YYYY-MM for URLs. `strftime` would drop the zero of the year 0999."""
    return f"{month.year:04}-{month.month:02}"

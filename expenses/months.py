"""The one grammar of months and periods: their bounds, their form in addresses, presets.

Pure: needs neither a database nor a request. A month is the date of its first day.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

# The first day an entry can have: the first of the ECB's reference rates.
EARLIEST_DAY = date(1999, 1, 4)
EARLIEST_MONTH = EARLIEST_DAY.replace(day=1)
YEARS_AHEAD = 5
MAX_MONTHS = 24
_MONTH = re.compile(r"((?:19|20)\d\d)-(0[1-9]|1[0-2])", re.ASCII)
_DAY = re.compile(r"(?:19|20)\d\d-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True)
class Period:
    """months: first days, ascending, 1 to 24. bad: what was asked for and is none. cut: more than 24 were asked for."""

    months: tuple[date, ...]
    bad: tuple[str, ...] = ()
    cut: bool = False

    @property
    def contiguous(self) -> bool:
        return add_months(self.months[0], len(self.months) - 1) == self.months[-1]

    def parameters(self) -> list[tuple[str, str]]:
        """The URL's parameters; `parse_period` gives the same months back."""
        if len(self.months) > 1 and self.contiguous:
            return [("from", month_text(self.months[0])), ("to", month_text(self.months[-1]))]
        return [("month", month_text(month)) for month in self.months]


def parse_period(months: Sequence[str], first: str, last: str, today: date) -> Period:
    """`months`: YYYY-MM each; otherwise the range from `first` to `last`, in any order, one of them may be empty.

    What cannot be read is left out and named in `bad`; without any month it is the month of `today`. Of more than
    24 months the latest 24 stay.
    """
    texts = [text.strip() for text in (*months, first, last) if text.strip()]
    bad = tuple(dict.fromkeys(text[:20] for text in texts if _reachable(text, today) is None))
    chosen = sorted({month for text in months if (month := _reachable(text.strip(), today))})
    ends = [month for text in (first, last) if (month := _reachable(text.strip(), today))]
    if not chosen and ends:
        chosen = month_range(min(ends), max(ends))
    if not chosen:
        chosen = [today.replace(day=1)]
    return Period(tuple(chosen[-MAX_MONTHS:]), bad, cut=len(chosen) > MAX_MONTHS)


def parse_month(text: str) -> date | None:
    """The month that `YYYY-MM` names, of the years 1900 to 2099; None for anything else."""
    found = _MONTH.fullmatch(text)
    return date(int(found[1]), int(found[2]), 1) if found else None


def parse_day(text: str) -> date | None:
    """The day that `YYYY-MM-DD` names, of the years 1900 to 2099; None for anything else."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _reachable(text: str, today: date) -> date | None:
    """The month that `YYYY-MM` names, if an entry can be in it."""
    month = parse_month(text)
    return month if month and EARLIEST_MONTH <= month <= latest_month(today) else None


def latest_day(today: date) -> date:
    """The last day an entry can have."""
    return date(today.year + YEARS_AHEAD, 12, 31)


def latest_month(today: date) -> date:
    """The last month an entry can be in."""
    return latest_day(today).replace(day=1)


def first_day(day: date) -> date:
    """The month in which `day` lies."""
    return day.replace(day=1)


def presets(today: date) -> dict[str, tuple[date, ...]]:
    """The months of each ready-made period, by a name that is part of no URL."""
    this = today.replace(day=1)
    last = {f"last-{n}": tuple(month_range(add_months(this, 1 - n), this)) for n in (3, 6, 12, 24)}
    return {"this-month": (this,), **last, "this-year": tuple(month_range(this.replace(month=1), this))}


def add_months(month: date, n: int) -> date:
    """The first day of the month `n` months later, or earlier for a negative `n`."""
    count = month.year * 12 + month.month - 1 + n
    return date(count // 12, count % 12 + 1, 1)


def month_range(first: date, last: date) -> list[date]:
    """The first days from `first` to `last`, both included."""
    months = (last.year - first.year) * 12 + last.month - first.month
    return [add_months(first, n) for n in range(months + 1)]


def month_text(month: date) -> str:
    """How a month stands in a URL. Not strftime, which writes the year 999 without its zero."""
    return f"{month.year:04}-{month.month:02}"

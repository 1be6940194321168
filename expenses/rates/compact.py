"""The rates of a currency in a year, in 4 KB, because a process may keep a thousand of them. Pure.

Rates are floats: fifteen digits are more than anybody publishes, and all of them come back as they were.
"""

from array import array
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

# How many days old the last business day's rate may be.
MAX_DAYS_BACK = 10
_DAYS = MAX_DAYS_BACK + 366

# [ordinal of the day, the published digits, source, kind], as JSON keeps it.
Row = tuple[int, str, str, str]


class Origin(NamedTuple):
    """Who published a rate, and how: source is "ECB" or the keys of banks, kind a value of `RateKind`."""

    source: str
    kind: str


class DayRate(NamedTuple):
    """A rate in units for one euro, the day it was published for, and its origin."""

    rate: Decimal
    day: date
    source: str
    kind: str


class Series(NamedTuple):
    """The quotes of a year and of the last days before it.

    start: ordinal of the first day. rates: one a day, 0 without a quote. origins: of each day, a place in `names`.
    """

    start: int
    rates: "array[float]"
    origins: "array[int]"
    names: tuple[Origin, ...]

    def on(self, day: date) -> DayRate | None:
        """Return the quote of the day, or the last one before it if it is at most MAX_DAYS_BACK days old."""
        at = day.toordinal() - self.start
        for place in range(at, at - MAX_DAYS_BACK - 1, -1):
            if rate := self.rates[place]:
                origin = self.names[self.origins[place]]
                return DayRate(Decimal(f"{rate:.15g}"), date.fromordinal(self.start + place), *origin)
        return None


def span(year: int) -> tuple[date, date]:
    """Return the first and last day whose quotes a year needs. Its first days may use the end of the year before."""
    return date(year, 1, 1) - timedelta(days=MAX_DAYS_BACK), date(year, 12, 31)


def pack(year: int, rows: Iterable[Row]) -> Series:
    """Return the series of a year's rows. A later row of the same day replaces an earlier one."""
    start = span(year)[0].toordinal()
    rates, origins = array("d", bytes(8 * _DAYS)), array("H", bytes(2 * _DAYS))
    names: dict[Origin, int] = {}
    for ordinal, digits, source, kind in rows:
        rates[ordinal - start] = float(digits)
        origins[ordinal - start] = names.setdefault(Origin(source, kind), len(names))
    return Series(start, rates, origins, tuple(names))


def fill_gaps(first: list[Row], second: Iterable[Row]) -> list[Row]:
    """Return the rows of `first`, with those of `second` for the days on which `first` has no usable quote."""
    covered = {ordinal + back for ordinal, *_ in first for back in range(MAX_DAYS_BACK + 1)}
    return sorted([*first, *(row for row in second if row[0] not in covered)])

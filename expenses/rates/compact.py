"""The rates of a currency in a year, in 2 KB, because a process may keep a thousand of them. Pure.

Rates are whole numbers of the year's smallest decimal place, so every digit comes back as it was.
"""

from array import array
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

# How many days old the last business day's rate may be.
MAX_DAYS_BACK = 10
_DAYS = MAX_DAYS_BACK + 366
_LARGEST_INT = 2**31
_MOST_DIGITS = 18

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


class RateSeries(NamedTuple):
    """The quotes of a year and of the last days before it.

    start: ordinal of the first day. rates: one a day, 0 without a quote, times ten to the power of `decimals`. origins:
    of each day, a place in `names`; empty if all are the first.
    """

    start: int
    rates: "array[int]"
    decimals: int
    origins: "array[int]"
    names: tuple[Origin, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is no quote at all."""
        return not any(self.rates)

    def on(self, day: date) -> DayRate | None:
        """Return the quote of the day, or the last one before it if it is at most MAX_DAYS_BACK days old."""
        at = day.toordinal() - self.start
        for place in range(at, at - MAX_DAYS_BACK - 1, -1):
            if rate := self.rates[place]:
                origin = self.names[self.origins[place] if self.origins else 0]
                return DayRate(_as_published(rate, self.decimals), date.fromordinal(self.start + place), *origin)
        return None


def _as_published(rate: int, decimals: int) -> Decimal:
    """Return the rate without zeros at its end."""
    while decimals and rate % 10 == 0:
        rate, decimals = rate // 10, decimals - 1
    return Decimal(rate).scaleb(-decimals)


def span(year: int) -> tuple[date, date]:
    """Return the first and last day whose quotes a year needs. Its first days may use the end of the year before."""
    return date(year, 1, 1) - timedelta(days=MAX_DAYS_BACK), date(year, 12, 31)


def pack(year: int, rows: Iterable[Row]) -> RateSeries:
    """Return the series of a year's rows. A later row of the same day replaces an earlier one."""
    start = span(year)[0].toordinal()
    quotes, places = [0] * _DAYS, [0] * _DAYS
    names: dict[Origin, int] = {}
    kept = [(ordinal - start, Decimal(digits), Origin(source, kind)) for ordinal, digits, source, kind in rows]
    decimals = _decimals([rate for _, rate, _ in kept])
    for at, rate, origin in kept:
        quotes[at] = round(rate.scaleb(decimals))
        places[at] = names.setdefault(origin, len(names))
    code = "i" if max(quotes) < _LARGEST_INT else "q"
    return RateSeries(start, array(code, quotes), decimals, array("H", places if len(names) > 1 else ()), tuple(names))


def _decimals(rates: Sequence[Decimal]) -> int:
    """Return how many decimals to keep: all of them, unless the largest rate then has more than 18 digits."""
    if not rates:
        return 0
    wanted = max(-int(rate.as_tuple().exponent) for rate in rates)
    return max(0, min(wanted, _MOST_DIGITS - 1 - max(rates).adjusted()))


def fill_gaps(first: list[Row], second: Iterable[Row]) -> list[Row]:
    """Return the rows of `first`, with those of `second` for the days on which `first` has no usable quote."""
    covered = {ordinal + back for ordinal, *_ in first for back in range(MAX_DAYS_BACK + 1)}
    return sorted([*first, *(row for row in second if row[0] not in covered)])

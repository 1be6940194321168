"""Forecasts the end of the month and the months after it, and tells how often such forecasts held before. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from expenses.forecast.daily import DailySpending, Floats
from expenses.forecast.due import Regular, forecast_due, known_on
from expenses.forecast.ranges import Range
from expenses.months import add_months, first_of, last_of, month_of

MONTHS_AHEAD = 3
_MONTHS_TRIED = 12
# There is no forecast before so many days, or with fewer days of spending in the latest of them.
_LEAST_DAYS, _LEAST_SPENT = 90, 6
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Past:
    """What was spent, or received: both positive, in the display currency and without one-offs.

    values: of each day from `first` on, also after today if something is entered there. series: as of today.
    """

    first: date
    values: Floats
    series: tuple[Regular, ...] = ()

    def between(self, start: date, end: date) -> float:
        """Return the sum of the days from `start` to `end`."""
        at, after = ((day - self.first).days for day in (start, end + _DAY))
        return float(self.values[max(0, at) : max(0, after)].sum())


class Hits(NamedTuple):
    """How often the end of a month was inside the range given on the same day of that month."""

    inside: int
    tried: int


def is_enough(past: Past, today: date) -> bool:
    """Whether there is enough for a forecast."""
    known = (today - past.first).days + 1
    recent = past.values[max(0, known - _LEAST_DAYS) : known]
    return known >= _LEAST_DAYS and int(np.count_nonzero(recent)) >= _LEAST_SPENT


def month_end(past: Past, today: date) -> Range:
    """Forecast what the month of `today` comes to in the end."""
    return _month_end(past, past.series, today)


def _month_end(past: Past, series: Sequence[Regular], today: date, *, is_now: bool = True) -> Range:
    """Forecast the month of `today`. is_now: whether what is entered after `today` is known as well."""
    month = month_of(today)
    end = last_of(month)
    known = past.between(first_of(month), end if is_now else today)
    due = forecast_due(series, today, today + _DAY, end)
    return _from_day_to_day(past, series, today).forecast(today + _DAY, end).plus(due).shifted(known)


def months_ahead(past: Past, today: date) -> dict[date, Range]:
    """Forecast the months after that of `today`, each with what is entered there."""
    found, daily = {}, _from_day_to_day(past, past.series, today)
    for month in (add_months(month_of(today), n) for n in range(1, MONTHS_AHEAD + 1)):
        start, end = first_of(month), last_of(month)
        due = forecast_due(past.series, today, start, end)
        found[month] = daily.forecast(start, end).plus(due).shifted(past.between(start, end))
    return found


def hits(past: Past, today: date) -> Hits:
    """Try the forecast of the same day in the months before, each with what was known then."""
    inside = tried = 0
    this = month_of(today)
    for month in (add_months(this, -n) for n in range(1, _MONTHS_TRIED + 1)):
        first, last = first_of(month), last_of(month)
        then = min(last, first + (today - first_of(this)))
        if not is_enough(past, then):
            break
        known = [each for one in past.series if (each := known_on(one, then))]
        tried += 1
        inside += _month_end(past, known, then, is_now=False).holds(past.between(first, last))
    return Hits(inside, tried)


def _from_day_to_day(past: Past, series: Sequence[Regular], today: date) -> DailySpending:
    """Return what is known today of the spending from day to day, without the payments of series."""
    values = past.values[: (today - past.first).days + 1].copy()
    for each in series:
        for day, value in each.payments:
            if past.first <= day <= today:
                at = (day - past.first).days
                # A payment that was moved apart as one-off isn't in the day's sum.
                values[at] = max(values[at] - value, min(values[at], 0.0))
    return DailySpending(values, past.first)

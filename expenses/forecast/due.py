"""Forecasts what the entries of series come to that are still due. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from math import erf, sqrt
from statistics import median
from typing import NamedTuple

from expenses.forecast.ranges import NOTHING, Range
from expenses.recurring.cycles import LENGTHS, TOLERANCES, Cycle, day_after, next_day

# The amounts that decide what is usual.
_RECENT = 6
_KNOWN_FROM = 2
_LEAST_JITTER, _JITTER_UNKNOWN = 0.3, 1.5
# An entry that may as well be in another month makes the range wider.
_UNSURE = (0.1, 0.9)
# The distance from the middle to the end of an 80 % range, in standard deviations.
_REACH = 1.2816


class Payment(NamedTuple):
    """An entry of a series, in the display currency."""

    day: date
    value: float


class Regular(NamedTuple):
    """A series on a certain day.

    payments: up to that day, by day. next_on: when the next one is due, None if none is. usual: what is due each time.
    last_on: the last day that one may be due. left: how many are left. None if there is no end.
    """

    cycle: Cycle
    payments: Sequence[Payment]
    next_on: date | None
    usual: Range
    last_on: date | None = None
    left: int | None = None


def known_on(series: Regular, day: date) -> Regular | None:
    """Return a series as it was known on an earlier day. None if too few of its payments were there."""
    before = [each for each in series.payments if each.day <= day]
    if len({each.day for each in before}) < _KNOWN_FROM:
        return None
    following = next_day(sorted({each.day for each in before}), series.cycle)
    return Regular(series.cycle, before, following, usual_of([each.value for each in before]))


def usual_of(values: Sequence[float]) -> Range:
    """Return the range that amounts like the last ones have."""
    recent = values[-_RECENT:]
    if abs(recent[-1] - recent[-2 % len(recent)]) < 0.01 * abs(recent[-1]):
        return Range(recent[-1], recent[-1], recent[-1])
    middle = median(recent)
    return Range(min(*recent, middle), middle, max(*recent, middle))


def forecast_due(series: Iterable[Regular], today: date, start: date, end: date) -> Range:
    """Forecast what is due from `start` to `end`. What is late may still come, on any day after `today`."""
    found = NOTHING
    for each in series:
        days = _due_days(each, today, end)
        jitter = _jitter(each) if days else 0.0
        for day in days:
            chance = _chance(each.cycle, jitter, day, today, start, end)
            if chance > _UNSURE[0]:
                found = found.plus(_with_chance(each.usual, chance))
    return found


def _due_days(series: Regular, today: date, end: date) -> list[date]:
    """Return the days that it is due up to shortly after `end`. None if it has been late for a whole cycle."""
    days: list[date] = []
    if series.next_on is None or (today - series.next_on).days > LENGTHS[series.cycle]:
        return days
    reach = date.fromordinal(end.toordinal() + round(TOLERANCES[series.cycle]))
    day = series.next_on
    while day <= min(reach, series.last_on or reach) and (series.left is None or len(days) < series.left):
        days.append(day)
        day = day_after(series.next_on, series.cycle, len(days))
    return days


def _chance(cycle: Cycle, jitter: float, day: date, today: date, start: date, end: date) -> float:
    """Return how likely the payment due on `day` comes from `start` to `end`. jitter: what `_jitter` returns."""
    if day <= today:
        still = 1 - (today - day).days / (2 * TOLERANCES[cycle])
        return max(0.0, still) if (start - today).days == 1 else 0.0
    early = _share_below((start - day).days - 0.5, jitter) if (start - today).days > 1 else 0.0
    return _share_below((end - day).days + 0.5, jitter) - early


def _jitter(series: Regular) -> float:
    """Return by how many days the payments are usually early or late."""
    days = [each.day for each in series.payments[-_RECENT - 1 :]]
    apart = [(after - day_after(before, series.cycle)).days for before, after in pairwise(days)]
    off = [each for each in apart if abs(each) < LENGTHS[series.cycle] / 2]
    if len(off) < 2:
        return _JITTER_UNKNOWN
    mean = sum(off) / len(off)
    return max(_LEAST_JITTER, sqrt(sum((each - mean) ** 2 for each in off) / len(off) / 2))


def _share_below(days: float, spread: float) -> float:
    return (1 + erf(days / spread / sqrt(2))) / 2


def _with_chance(usual: Range, chance: float) -> Range:
    """Return the range of a payment that may not come."""
    if chance >= _UNSURE[1]:
        return usual
    point = usual.point if chance >= 0.5 else 0.0
    apart = _REACH * sqrt(chance * (1 - chance)) * usual.point
    return Range(max(0.0, point - apart), point, min(usual.high, point + apart))

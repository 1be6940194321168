"""Forecasts what is spent from day to day, without series and one-offs, from what was spent on the days before. Pure.

The level of spending is a mean in which older days count less. Weekdays and thirds of a month have factors. How far the
truth is from level and factors is seen in the past in two ways: in spans of the same length, each forecast from the
days before it, and in days drawn at random. The first knows that good and bad weeks come together, the second is
dependable after a few months already. The longer the past, the more the first counts.
"""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from expenses.forecast.ranges import NOTHING, Range

Floats = NDArray[np.float64]

# After so many days, a day counts half for the level.
_HALF_LIFE = 120
# The level is known after so many days. As many ordinary days are added to each weekday and third of a month.
_WARM, _ORDINARY = 28, 12
# Which weekdays it has decides what a span below this length comes to.
_SHORT = 14
# A day above this share of the days with spending counts as if it were at it, for level and factors.
_CAPPED = 0.95
_SHARES = (0.1, 0.5, 0.9)
# Random spans: how many, for how many real ones they count, and how far a month's level is from the last one's.
_DRAWN, _COUNT_AS, _LEVEL_SPREAD = 400, 6, 0.25
# A range seen in few spans is too narrow: it is widened by so much, and by so much more the fewer spans there are.
_WIDER, _WIDER_IF_FEW = 1.05, 1.5


class DailySpending:
    """What is spent from day to day. values: of the days from `first` on.

    `benchmarks/forecast.py` measures how often the ranges hold.
    """

    def __init__(self, values: Floats, first: date) -> None:
        self._values, self._first = values, first
        if len(values) < 2 * _WARM:
            return
        capped = _cap(values)
        weekdays, thirds = _kinds(first, len(values))
        self._by_weekday, self._by_third = _factors(capped, weekdays, 7), _factors(capped, thirds, 3)
        self._weights = self._by_weekday[weekdays] * self._by_third[thirds]
        self._level = _levels(capped, self._weights)

    def forecast(self, start: date, end: date) -> Range:
        """Forecast the sum of the days from `start` to `end`. `start` is after the days that are known."""
        known, length = len(self._values), (end - start).days + 1
        if length < 1 or known < 2 * _WARM:
            return NOTHING
        lead = (start - self._first).days - known
        weekdays, thirds = _kinds(start, length)
        coming = self._by_weekday[weekdays] * self._by_third[thirds]
        expected = float(self._level[-1] * coming.sum())
        seen = _ratios_seen(self._values, self._level, self._weights, length, lead)
        drawn = _ratios_drawn(self._values, self._level, self._weights, coming, lead)
        # Spans that overlap say little more than those that don't.
        spans = 1 + (len(seen) - 1) * (7 if length < _SHORT else 1) / length if len(seen) else 0
        low, point, high = _quantiles(seen, spans, drawn).tolist()
        wider = _WIDER + _WIDER_IF_FEW / (spans + 4)
        least = min(low, 0)
        return Range(
            expected * max(least, point - wider * (point - low)),
            expected * point,
            expected * (point + wider * (high - point)),
        )


def _cap(values: Floats) -> Floats:
    spent = np.sort(values[values > 0])
    return (
        np.minimum(values, np.interp(_CAPPED * (len(spent) - 1), np.arange(len(spent)), spent))
        if len(spent)
        else values
    )


def _kinds(first: date, count: int) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Return the weekday and the third of the month of each day from `first` on."""
    days = np.datetime64(first) + np.arange(count)
    thirds = np.minimum((days - days.astype("datetime64[M]")).astype(int) // 10, 2)
    return (first.weekday() + np.arange(count)) % 7, thirds


def _factors(capped: Floats, kinds: NDArray[np.int_], count: int) -> Floats:
    """Return the mean of each kind of day in means of all days, close to 1 if there are few days."""
    mean = capped.mean()
    if mean <= 0:
        return np.ones(count)
    sums = np.bincount(kinds, weights=capped, minlength=count)
    days = np.bincount(kinds, minlength=count)
    return np.maximum((sums / mean + _ORDINARY) / (days + _ORDINARY), 0.05)


def _levels(capped: Floats, weights: Floats) -> Floats:
    """Return the level of spending on an ordinary day, as it was known after each day."""
    growing = 2 ** (np.arange(len(capped)) / _HALF_LIFE)
    return np.maximum(np.cumsum(capped * growing) / np.cumsum(weights * growing), 0)


def _ratios_seen(values: Floats, level: Floats, weights: Floats, length: int, lead: int) -> Floats:
    """Return actual by expected of every span of the past, of a short one only those that began on the same weekday.

    lead: days between a forecast and its span.
    """
    sums, weighed = (np.concatenate(([0.0], np.cumsum(each))) for each in (values, weights))
    known = np.arange(_WARM, len(values) - lead - length + 1)
    if length < _SHORT:
        known = known[(len(values) - known) % 7 == 0]
    starts, ends = known + lead, known + lead + length
    expected = level[known - 1] * (weighed[ends] - weighed[starts])
    actual = sums[ends] - sums[starts]
    return actual[expected > 0] / expected[expected > 0]


def _ratios_drawn(values: Floats, level: Floats, weights: Floats, coming: Floats, lead: int) -> Floats:
    """Return actual by expected of spans made of days of the past, always the same for the same past.

    Each day is drawn from those with its weekday. coming: the weights of the span's days. lead: days until it begins.
    """
    known = len(values)
    expected = level[_WARM - 1 : -1] * weights[_WARM:known]
    ratios = np.divide(values[_WARM:], expected, out=np.zeros(known - _WARM), where=expected > 0)
    dice = np.random.default_rng(len(coming))
    first = (known + lead - _WARM + np.arange(len(coming)))[:, np.newaxis] % 7
    of_weekday = (len(ratios) - first + 6) // 7
    drawn = ratios[first + 7 * dice.integers(0, of_weekday, (len(coming), _DRAWN))]
    return coming @ drawn / coming.sum() * np.exp(dice.normal(0, _LEVEL_SPREAD, _DRAWN))


def _quantiles(seen: Floats, spans: float, drawn: Floats) -> Floats:
    """Return the quantiles of both kinds of ratios together."""
    ratios = np.concatenate((seen, drawn))
    weights = np.concatenate(
        (np.full(len(seen), spans / max(1, len(seen))), np.full(len(drawn), _COUNT_AS / len(drawn)))
    )
    order = np.argsort(ratios)
    places = (np.cumsum(weights[order]) - weights[order] / 2) / weights.sum()
    return np.interp(_SHARES, places, ratios[order])

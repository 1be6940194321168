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


def forecast_days(values: Floats, first: date, start: date, end: date) -> Range:
    """Forecast the sum of the days from `start` to `end`. values: of the days from `first` on, `start` is after them.

    `benchmarks/forecast.py` measures how often the range holds.
    """
    known, length = len(values), (end - start).days + 1
    total = (end - first).days + 1
    if length < 1 or known < 2 * _WARM:
        return NOTHING
    capped = _cap(values)
    weights = _weights(capped, first, total)
    level = _levels(capped, weights)
    expected = level[-1] * weights[total - length :].sum()
    seen = _ratios_seen(values, level, weights, length, total - known - length)
    drawn = _ratios_drawn(values, level, weights, length, total - known)
    # Spans that overlap say little more than those that don't.
    spans = 1 + (len(seen) - 1) * (7 if length < _SHORT else 1) / length if len(seen) else 0
    low, point, high = _quantiles(seen, spans, drawn)
    wider = _WIDER + _WIDER_IF_FEW / (spans + 4)
    least = min(low, 0)
    return Range(
        expected * max(least, point - wider * (point - low)),
        expected * point,
        expected * (point + wider * (high - point)),
    )


def _cap(values: Floats) -> Floats:
    spent = values[values > 0]
    return np.minimum(values, np.quantile(spent, _CAPPED)) if len(spent) else values


def _weights(capped: Floats, first: date, total: int) -> Floats:
    """Return how much is spent on each of `total` days from `first` on, 1 for an ordinary day."""
    days = np.datetime64(first) + np.arange(total)
    weekdays = (first.weekday() + np.arange(total)) % 7
    thirds = np.minimum((days - days.astype("datetime64[M]")).astype(int) // 10, 2)
    known = len(capped)
    return _factors(capped, weekdays[:known], 7)[weekdays] * _factors(capped, thirds[:known], 3)[thirds]


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
    keep = 0.5 ** (1 / _HALF_LIFE)
    levels = np.empty(len(capped))
    spent = days = 0.0
    for at, (value, weight) in enumerate(zip(capped.tolist(), weights.tolist(), strict=False)):
        spent, days = spent * keep + value, days * keep + weight
        levels[at] = spent / days
    return np.maximum(levels, 0)


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


def _ratios_drawn(values: Floats, level: Floats, weights: Floats, length: int, ahead: int) -> Floats:
    """Return actual by expected of spans made of days of the past, always the same for the same past.

    Each day is drawn from those with its weekday. ahead: days until the end of the span.
    """
    known = len(values)
    expected = level[_WARM - 1 : -1] * weights[_WARM:known]
    ratios = np.divide(values[_WARM:], expected, out=np.zeros(known - _WARM), where=expected > 0)
    dice = np.random.default_rng(length)
    coming = weights[-length:]
    spent = np.zeros(_DRAWN)
    for at, weight in enumerate(coming):
        same = (known + ahead - length + at - _WARM) % 7
        spent += weight * dice.choice(ratios[same::7], _DRAWN)
    return spent / coming.sum() * np.exp(dice.normal(0, _LEVEL_SPREAD, _DRAWN))


def _quantiles(seen: Floats, spans: float, drawn: Floats) -> Floats:
    """Return the quantiles of both kinds of ratios together."""
    ratios = np.concatenate((seen, drawn))
    weights = np.concatenate(
        (np.full(len(seen), spans / max(1, len(seen))), np.full(len(drawn), _COUNT_AS / len(drawn)))
    )
    order = np.argsort(ratios)
    places = (np.cumsum(weights[order]) - weights[order] / 2) / weights.sum()
    return np.interp(_SHARES, places, ratios[order])

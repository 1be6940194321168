"""Loads what a forecast needs: the sums of days, and the series with their payments in the display currency.

Days of the months before are kept in a short form under the tokens of these months, and how often forecasts held under
these days, so that a new expense costs no reading of old months.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
from bson import ObjectId

from expenses import rates
from expenses.forecast.due import Payment, Regular, usual_of
from expenses.forecast.months_ahead import MONTHS_AHEAD, Hits, Past, hits
from expenses.forecast.ranges import Range
from expenses.models.documents import SeriesDocument
from expenses.models.ledger import Ledger
from expenses.models.own_rates import version_of
from expenses.models.series import SeriesState
from expenses.months import add_months, current_start, day_in, first_of, month_of, month_range, month_text, parse_month
from expenses.recurring.fitting import SeriesFacts, facts_of_series
from expenses.recurring.life import state_of_series
from expenses.sums.figures import Categories, MonthFigures
from expenses.sums.loading_figures import figures_of
from expenses.sums.month_tokens import tokens_for
from finbrain.core import tolerant_cache

_MONTHS_BACK = 24
_KEPT_SECONDS = 7 * 24 * 3600
# Part of every cache key. Raise it when the shape of the cached values changes.
_FORMAT = 3
_LIVE = (SeriesState.PROPOSED, SeriesState.KEPT)


class _MonthDays(NamedTuple):
    """What was spent on each day of a month, without one-offs, and received. Both positive, by number of the day."""

    spent: Mapping[int, float]
    received: Mapping[int, float]


class Known(NamedTuple):
    """What a forecast is made of, in one currency.

    one_off: the one-off expenses of this month, which no forecast has. hits: how often forecasts of spending held.
    """

    spent: Past
    received: Past
    one_off: float
    hits: Hits


def load_known(
    ledger: Ledger,
    rows: Sequence[SeriesDocument],
    every: Mapping[date, str],
    shown: Iterable[date],
    display: str,
    version: str,
    today: date,
) -> Known:
    """Load what is known today. rows: the ledger's stored series. every: the tokens of its months.

    shown: months whose figures the page needs as well. They are loaded in the same round trips, and then at hand.
    """
    month = month_of(today)
    before = month_range(add_months(month, -_MONTHS_BACK), add_months(month, -1))
    tokens = tokens_for(before, every)
    counted = ledger.cash_withdrawn, version_of(ledger.own_rates)
    key = tolerant_cache.cache_key("days", ledger.id, _FORMAT, sorted(tokens.items()), display, version, counted)
    kept = _from_cache(tolerant_cache.get_many([key]).get(key))
    coming = month_range(month, add_months(month, MONTHS_AHEAD))
    wanted = {*coming, *shown} if kept else {*coming, *shown, *before}
    figures = figures_of(ledger, tokens_for(wanted, every), display, version)
    if not kept:
        kept = {each: _days_of(figures[each]) for each in before}
        tolerant_cache.set_many({key: {month_text(each): days for each, days in kept.items()}}, _KEPT_SECONDS)
    days = kept | {each: _days_of(figures[each]) for each in coming}
    return _known(ledger, rows, days, figures[month], display, today)


def _from_cache(stored: Any) -> dict[date, _MonthDays] | None:
    """Return the days as they were kept. None if there are none."""
    if not isinstance(stored, dict):
        return None
    found = {}
    for text, (spent, received) in stored.items():
        if month := parse_month(text):
            found[month] = _MonthDays(*({int(day): value for day, value in each.items()} for each in (spent, received)))
    return found


def _days_of(figures: MonthFigures) -> _MonthDays:
    received = {day: -value for day, value in _sum_days(figures.received).items()}
    return _MonthDays(_sum_days(figures.without_one_off().categories), received)


def _sum_days(categories: Categories) -> dict[int, float]:
    """Add up the days of categories."""
    days: dict[int, Decimal] = defaultdict(Decimal)
    for each in categories.values():
        for day, value in each.days.items():
            days[day] += value
    return {day: float(value) for day, value in days.items()}


def _known(
    ledger: Ledger,
    rows: Sequence[SeriesDocument],
    days: Mapping[date, _MonthDays],
    now: MonthFigures,
    display: str,
    today: date,
) -> Known:
    spent, received = _regulars(ledger, rows, display, today)
    one_off = sum(_sum_days(now.categories).values()) - sum(_sum_days(now.without_one_off().categories).values())
    by_day = [
        {day_in(month, number): value for month, each in days.items() for number, value in each[at].items()}
        for at in (0, 1)
    ]
    all_spent = _past(by_day[0], spent, today)
    held = _load_hits(ledger.id, all_spent, today)
    return Known(all_spent, _past(by_day[1], received, today), one_off, held)


def _load_hits(ledger_id: ObjectId, past: Past, today: date) -> Hits:
    """Return how often forecasts held, from the cache if nothing has changed before this month."""
    first = first_of(month_of(today))
    before = past.values[: max(0, (first - past.first).days)].tobytes()
    series = [
        (each.cycle, [(day.toordinal(), value) for day, value in each.payments if day < first]) for each in past.series
    ]
    key = tolerant_cache.cache_key("hits", ledger_id, _FORMAT, today, current_start(), past.first, before, series)
    match tolerant_cache.get_many([key]).get(key):
        case [int(inside), int(tried)]:
            return Hits(inside, tried)
    found = hits(past, today)
    tolerant_cache.set_many({key: found}, _KEPT_SECONDS)
    return found


def _past(days: Mapping[date, float], series: Sequence[Regular], today: date) -> Past:
    first, last = min(days, default=today), max([*days, today])
    first = min(first, today)
    values = np.zeros((last - first).days + 1)
    for day, value in days.items():
        values[(day - first).days] += value
    return Past(first, values, tuple(series))


def _regulars(
    ledger: Ledger, rows: Sequence[SeriesDocument], display: str, today: date
) -> tuple[list[Regular], list[Regular]]:
    """Return the series that are spent and those that are received."""
    known = [(row, facts_of_series(row)) for row in rows if row["state"] != SeriesState.DISMISSED]
    wanted = {
        (day, code)
        for _row, facts in known
        for day, currency in [(today, facts.currency), *((each.day, each.currency) for each in facts.entries)]
        for code in (currency, display)
        if currency != display
    }
    book = rates.rates_for(wanted, ledger.own_rates)
    found: tuple[list[Regular], list[Regular]] = [], []
    for row, facts in known:
        if regular := _regular(row, facts, book, display, today):
            found[facts.is_income].append(regular)
    return found


def _regular(
    row: SeriesDocument, facts: SeriesFacts, book: rates.RateBook, display: str, today: date
) -> Regular | None:
    """Return a stored series in the display currency, None without an exchange rate."""
    converted = [(each.day, book.convert(each.amount, each.currency, display, each.day)) for each in facts.entries]
    payments = [Payment(day, float(value.amount)) for day, value in converted if value]
    low, high = (book.convert(each, facts.currency, display, today) for each in (facts.low, facts.high))
    if low is None or high is None:
        return None
    middle = float(low.amount + high.amount) / 2
    usual = (
        usual_of([each.value for each in payments])
        if payments
        else Range(float(low.amount), middle, float(high.amount))
    )
    next_on = facts.next_on if state_of_series(row, facts) in _LIVE else None
    left = None if row["payments"] is None else row["payments"] - len(facts.entries)
    last_on = row["ends_on"].date() if row["ends_on"] else None
    return Regular(facts.cycle, payments, next_on, usual, last_on, left)

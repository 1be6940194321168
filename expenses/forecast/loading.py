"""Loads what a forecast needs: the sums of days, and the series with their payments in the display currency.

Days of the months before are kept in a short form under the tokens of these months, and so is how often forecasts held.
So a new expense costs no reading of old months.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np

from expenses import rates
from expenses.forecast.due import Payment, Regular, usual_of
from expenses.forecast.months_ahead import MONTHS_AHEAD, Hits, Past, hits
from expenses.forecast.ranges import Range
from expenses.models.documents import SeriesDocument
from expenses.models.ledger import Ledger
from expenses.models.own_rates import version_of
from expenses.models.series import SeriesState
from expenses.months import add_months, day_in, first_of, month_of, month_range
from expenses.recurring.fitting import SeriesFacts, facts_of_series
from expenses.recurring.life import state_of_series
from expenses.sums.figures import Categories, MonthFigures
from expenses.sums.loading_figures import figures_of
from expenses.sums.month_tokens import tokens_for
from finbrain.core import tolerant_cache

_MONTHS_BACK = 24
_KEPT_SECONDS = 7 * 24 * 3600
# Part of every cache key. Raise it when the shape of the cached values changes.
_FORMAT = 4
_LIVE = (SeriesState.PROPOSED, SeriesState.KEPT)
# What was spent or received on each day, by the ordinal of the day.
_Days = dict[int, float]


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
    before, coming = _months(month, -_MONTHS_BACK, -1), _months(month, 0, MONTHS_AHEAD)
    tokens = tokens_for(before, every)
    counted = ledger.cash_withdrawn, version_of(ledger.own_rates)
    days_key = tolerant_cache.cache_key("days", ledger.id, _FORMAT, sorted(tokens.items()), display, version, counted)
    spent, received = _regulars(ledger, rows, display, today)
    hits_key = tolerant_cache.cache_key("hits", ledger.id, days_key, today, _paid_before(first_of(month), spent))
    kept = tolerant_cache.get_many([days_key, hits_key])
    wanted = {*coming, *shown} if days_key in kept else {*coming, *shown, *before}
    figures = figures_of(ledger, tokens_for(wanted, every), display, version)
    missing: dict[str, Any] = {}
    if days_key not in kept:
        missing[days_key] = [[*days.items()] for days in _days_of(figures[each] for each in before)]
    earlier, now = (kept | missing)[days_key], _days_of(figures[each] for each in coming)
    days_spent, days_received = (dict(pairs) | days for pairs, days in zip(earlier, now, strict=True))
    past = _past(days_spent, spent, today)
    if hits_key not in kept:
        missing[hits_key] = hits(past, today)
    tolerant_cache.set_many(missing, _KEPT_SECONDS)
    held = Hits(*(kept | missing)[hits_key])
    return Known(past, _past(days_received, received, today), _one_off(figures[month]), held)


def _months(month: date, first: int, last: int) -> list[date]:
    """Return the months that are `first` to `last` months after one."""
    return month_range(add_months(month, first), add_months(month, last))


def _paid_before(first: date, series: Iterable[Regular]) -> list[tuple[str, list[tuple[int, float]]]]:
    """Return what forecasts of the months before `first` know of series."""
    return [(each.cycle, [(day.toordinal(), value) for day, value in each.payments if day < first]) for each in series]


def _days_of(months: Iterable[MonthFigures]) -> tuple[_Days, _Days]:
    """Return what was spent on each day of some months, without one-offs, and received. Both are positive."""
    spent: _Days = {}
    received: _Days = {}
    for each in months:
        spent |= _sum_days(each.month, each.without_one_off().categories)
        received |= {day: -value for day, value in _sum_days(each.month, each.received).items()}
    return spent, received


def _sum_days(month: date, categories: Categories) -> _Days:
    """Add up the days of categories."""
    days: dict[int, Decimal] = defaultdict(Decimal)
    for each in categories.values():
        for day, value in each.days.items():
            days[day] += value
    return {day_in(month, day).toordinal(): float(value) for day, value in days.items()}


def _one_off(now: MonthFigures) -> float:
    """Return what the one-off expenses of a month come to."""
    every, usual = (sum(each.total() for each in one.categories.values()) for one in (now, now.without_one_off()))
    return float(every - usual)


def _past(days: _Days, series: Sequence[Regular], today: date) -> Past:
    known = [*days, today.toordinal()]
    first = min(known)
    values = np.zeros(max(known) - first + 1)
    values[[day - first for day in days]] = [*days.values()]
    return Past(date.fromordinal(first), values, tuple(series))


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

"""Compute the tables and trends of the dashboard from a scope. Pure: no database, request or language."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import dropwhile

from expenses.dashboard.scope import Scope
from expenses.money import quantize
from expenses.months import add_months, day_in, days_of, number_in
from expenses.sums.figures import ZERO
from expenses.sums.rate_facts import RateFacts

HEAT_LEVELS = 5
DAYS_AVERAGED = 7
MONTHS_AVERAGED = 3
# The column of one-off expenses among the categories of a comparison.
ONE_OFF = "one-off"


@dataclass(frozen=True)
class Slice:
    """A category over all months. share: percent of all positive slices, None if the amount isn't positive."""

    slug: str
    amount: Decimal
    unsure: Decimal
    count: int
    share: Decimal | None = None


def breakdown(scope: Scope) -> list[Slice]:
    """Return a slice for each category with expenses, the largest first."""
    slices = []
    for slug in scope.categories:
        found = [figures for month in scope.months for figures in scope.figures_of(month, slug)]
        if not any(figures.count for figures in found):
            continue
        amount = scope.category_total(slug)
        unsure = sum((scope.unsure(month, slug) for month in scope.months), ZERO)
        slices.append(Slice(slug, amount, unsure, sum(figures.count for figures in found)))
    whole = sum((part.amount for part in slices if part.amount > 0), ZERO)
    shared = [
        Slice(part.slug, part.amount, part.unsure, part.count, part.amount * 100 / whole if part.amount > 0 else None)
        for part in slices
    ]
    return sorted(shared, key=lambda part: -part.amount)


@dataclass(frozen=True)
class Grid:
    """A table of months by categories. cells: month -> slug -> amount. categories: those with expenses, in order."""

    months: tuple[date, ...]
    categories: tuple[str, ...]
    cells: Mapping[date, Mapping[str, Decimal]]

    def month_total(self, month: date) -> Decimal:
        """Return the total of a month, zero if it isn't in the table."""
        return sum(self.cells.get(month, {}).values(), ZERO)

    def category_total(self, slug: str) -> Decimal:
        return sum((row[slug] for row in self.cells.values()), ZERO)

    def total(self) -> Decimal:
        return sum((self.month_total(month) for month in self.months), ZERO)


def comparison(scope: Scope, usual: Scope | None = None) -> Grid:
    """Return the table of the months drawn by categories.

    usual: the scope to compare. What it lacks of `scope` is in a column of its own, ONE_OFF, so the totals stay.
    """
    usual = usual or scope
    used = {slug for month in scope.months for slug, figures in usual.of(month) if figures.count}
    categories = tuple(slug for slug in scope.categories if slug in used)
    months = scope.drawn
    cells = {month: {slug: usual.cell(month, slug) for slug in categories} for month in months}
    one_off = {month: scope.month_total(month) - usual.month_total(month) for month in months}
    if any(one_off.values()):
        categories = (*categories, ONE_OFF)
        for month, row in cells.items():
            row[ONE_OFF] = one_off[month]
    return Grid(months, categories, cells)


@dataclass
class Honesty:
    """The facts that a person should know about a total.

    rates: the rates it rests on. unsure: the unsure part of the total. count: number of expenses in the total.
    """

    rates: RateFacts
    unsure: Decimal = ZERO
    count: int = 0


def honesty(scope: Scope) -> Honesty:
    """Collect the facts about the total of the scope."""
    result = Honesty(RateFacts(scope.currency))
    for month in scope.months:
        for _, figures in scope.of(month):
            result.rates.add(figures)
            result.count += figures.count
        result.unsure += sum((scope.unsure(month, slug) for slug in scope.categories), ZERO)
    return result


@dataclass(frozen=True)
class Point:
    """A day or month of the trend.

    average: of this point and those before it. None if too few are known, and for future days.
    """

    when: date
    amount: Decimal
    average: Decimal | None


def daily_trend(scope: Scope, today: date) -> list[Point]:
    """Return a point per day of the only month, averaged over seven days that may begin in the month before."""
    (month,) = scope.months
    before = add_months(month, -1)
    known = before in scope.figures and bool(scope.figures[before].categories)
    days = _days_of(before, scope.day_totals(before)) if known else []
    first = len(days)
    days += _days_of(month, scope.day_totals(month))
    points = [_trend_point(days, at, DAYS_AVERAGED, scope.currency) for at in range(first, len(days))]
    return [p if p.when <= today else Point(p.when, p.amount, None) for p in points]


def monthly_trend(scope: Scope) -> list[Point]:
    """Return a point per month, averaged over three months that may begin before the months shown.

    Months before the first expense have no average, because they aren't months without spending.
    """
    known = sorted(month for month in scope.figures if month <= scope.months[-1])
    lived = list(dropwhile(lambda month: not scope.figures[month].categories, known))
    values = [(month, scope.month_total(month)) for month in lived]
    points = [Point(month, quantize(ZERO, scope.currency), None) for month in known[: len(known) - len(lived)]]
    points += [_trend_point(values, at, MONTHS_AVERAGED, scope.currency) for at in range(len(values))]
    return [p for p in points if p.when in scope.months]


def _trend_point(values: Sequence[tuple[date, Decimal]], at: int, window: int, currency: str) -> Point:
    when, amount = values[at]
    averaged = [value for _, value in values[at - window + 1 : at + 1]] if at >= window - 1 else []
    return Point(when, amount, quantize(sum(averaged, ZERO) / window, currency) if averaged else None)


def _days_of(month: date, totals: Mapping[int, Decimal]) -> list[tuple[date, Decimal]]:
    return [(day, totals.get(number_in(month, day), ZERO)) for day in days_of(month)]


def heat_levels(scope: Scope) -> dict[date, tuple[Decimal, int]]:
    """Return day -> (amount, level 0 to 5) for days with expenses.

    Each level from 1 to 5 has the same number of days, because otherwise one rent would give all other days the same
    colour. Level 0 is a day with more refunds than spending.
    """
    totals = {
        day_in(month, number): amount for month in scope.months for number, amount in scope.day_totals(month).items()
    }
    ranked = sorted(amount for amount in totals.values() if amount > 0)

    def level(amount: Decimal) -> int:
        return -(-HEAT_LEVELS * bisect_right(ranked, amount) // len(ranked)) if amount > 0 else 0

    return {day: (amount, level(amount)) for day, amount in sorted(totals.items())}

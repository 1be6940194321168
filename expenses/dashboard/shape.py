"""Compute the numbers of the dashboard from the figures of months. Pure: no database, request or language.

Amounts are in the display currency. A cell is one stored category in one month, and is rounded once, here. Every total
of the dashboard and the list is a sum of cells, so own categories add up to their base category. Days are rounded so
that they add up to their month.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import cycle, dropwhile, islice
from typing import Any, TypeVar

from expenses.money import minor_units, quantize
from expenses.months import add_months, day_in, days_of, month_of, number_in
from expenses.sums.figures import ZERO, CategoryFigures, MonthFigures
from expenses.sums.rate_facts import RateFacts

HEAT_LEVELS = 5
DAYS_AVERAGED = 7
MONTHS_AVERAGED = 3
# The key of a month's days among the rounded numbers, whose other keys are slugs. An unreadable slug is "".
_DAYS = None
# The column of one-off expenses among the categories of a comparison.
ONE_OFF = "one-off"

Figures = Mapping[date, MonthFigures]
Key = TypeVar("Key")


@dataclass(frozen=True)
class Scope:
    """The figures to show.

    figures: of `months` (ascending) and some months before. categories: in display order. parts: category -> the stored
    categories that it adds up, if not only itself.
    """

    figures: Figures
    months: tuple[date, ...]
    categories: tuple[str, ...]
    currency: str
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _rounded: dict[tuple[date, str | None], Any] = field(default_factory=dict, repr=False, compare=False)

    def without_one_off(self) -> "Scope":
        """Return the scope without one-off expenses. It is for averages, trends and comparisons, not for totals."""
        figures = {month: found.without_one_off() for month, found in self.figures.items()}
        return Scope(figures, self.months, self.categories, self.currency, self.parts)

    @property
    def has_one_off(self) -> bool:
        """Whether `without_one_off` leaves something out."""
        return any(found.regular is not None for found in self.figures.values())

    @cached_property
    def stored(self) -> frozenset[str]:
        """The stored categories that the scope adds up."""
        return frozenset(part for slug in self.categories for part in self.parts.get(slug, (slug,)))

    def figures_of(self, month: date, slug: str) -> list[CategoryFigures]:
        """Return the figures of the stored categories that a category adds up in a month."""
        found = self.figures[month].categories
        return [found[part] for part in self.parts.get(slug, (slug,)) if part in found]

    def of(self, month: date) -> Iterable[tuple[str, CategoryFigures]]:
        """Return the selected categories that have expenses in a month, each with the figures it adds up."""
        return [(slug, figures) for slug in self.categories for figures in self.figures_of(month, slug)]

    def counted(self, today: date) -> tuple[date, ...]:
        """Return the months that count, from the first known expense in any category to today.

        Future months count if they have expenses.
        """
        used = [month for month, figures in self.figures.items() if figures.categories]
        first, last = min(used, default=self.months[0]), max([month_of(today), *used])
        return tuple(month for month in self.months if first <= month <= last) or self.months

    def over(self, today: date) -> tuple[date, ...]:
        """Return the months that count and are over, for averages per month, the highest and the lowest."""
        return tuple(month for month in self.counted(today) if month < month_of(today))

    @property
    def drawn(self) -> tuple[date, ...]:
        """The months to draw: from the first with any entry to the last."""
        used = [month for month in self.months if self.figures[month].categories or self.figures[month].received]
        return tuple(month for month in self.months if used and used[0] <= month <= used[-1]) or self.months

    def cell(self, month: date, slug: str) -> Decimal:
        """Return the spending on a category in a month: the sum of its cells."""
        if (month, slug) not in self._rounded:
            cells = (figures.shown(self.currency) for figures in self.figures_of(month, slug))
            self._rounded[month, slug] = sum(cells, quantize(ZERO, self.currency))
        return self._rounded[month, slug]

    def month_total(self, month: date) -> Decimal:
        """Return the sum of a month's rounded cells."""
        return sum((self.cell(month, slug) for slug in self.categories), quantize(ZERO, self.currency))

    def category_total(self, slug: str) -> Decimal:
        """Return the sum of a category's rounded cells in all months."""
        return sum((self.cell(month, slug) for month in self.months), quantize(ZERO, self.currency))

    def total(self) -> Decimal:
        """Return the sum of all rounded cells."""
        return sum((self.month_total(month) for month in self.months), quantize(ZERO, self.currency))

    def unsure(self, month: date, slug: str) -> Decimal:
        """Return the unsure part of a cell, rounded."""
        unsure = (quantize(figures.unsure, self.currency) for figures in self.figures_of(month, slug))
        return sum(unsure, quantize(ZERO, self.currency))

    def day_totals(self, month: date) -> dict[int, Decimal]:
        """Return number of the day -> spending, for days with expenses, rounded so that they add up to the month."""
        if (month, _DAYS) not in self._rounded:
            days: dict[int, Decimal] = defaultdict(Decimal)
            for _, figures in self.of(month):
                for day, value in figures.days.items():
                    days[day] += value
            self._rounded[month, _DAYS] = rounded_to(self.month_total(month), days, self.currency)
        return self._rounded[month, _DAYS]


def rounded_to(total: Decimal, values: Mapping[Key, Decimal], currency: str) -> dict[Key, Decimal]:
    """Round the values so that they add up to `total`.

    Each is rounded to the nearest minor unit. The remaining difference is spread in single units over the values that
    rounding moved most in the other direction. Exact values don't change unless all are exact.
    """
    shown = {key: quantize(value, currency) for key, value in values.items()}
    difference = total - sum(shown.values(), ZERO)
    if not difference or not shown:
        return shown
    unit = Decimal(1).scaleb(-minor_units(currency)).copy_sign(difference)
    moved = {key: (shown[key] - values[key]) * unit for key in shown}
    order = sorted((key for key in shown if moved[key]), key=moved.__getitem__) or list(shown)
    for key in islice(cycle(order), int(difference / unit)):
        shown[key] += unit
    return shown


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

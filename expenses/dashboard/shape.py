"""From the figures of months to what a dashboard shows, in numbers. Pure: neither database nor request nor language.

Amounts are in the display currency. A cell is a category in a month, rounded once, here; every total of the page, and
the list's, is a sum of cells. Days are rounded so that they add up to their month.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import cycle, dropwhile, islice
from typing import Any

from expenses.money import minor_units, quantize
from expenses.months import add_months
from expenses.sums.figures import ZERO, CategoryFigures, MonthFigures

HEAT_LEVELS = 5
DAYS_AVERAGED = 7
MONTHS_AVERAGED = 3
# In the memory of rounded numbers, where a category's slug stands otherwise.
DAYS = ""

Figures = Mapping[date, MonthFigures]


@dataclass(frozen=True)
class Scope:
    """What is shown. figures: of `months` (ascending) and of some months before. categories: slugs in display order."""

    figures: Figures
    months: tuple[date, ...]
    categories: tuple[str, ...]
    currency: str
    _rounded: dict[tuple[date, str], Any] = field(default_factory=dict, repr=False, compare=False)

    def of(self, month: date) -> Iterable[tuple[str, CategoryFigures]]:
        """The chosen categories that have expenses in a month."""
        found = self.figures[month].categories
        return [(slug, found[slug]) for slug in self.categories if slug in found]

    def counted(self, today: date) -> tuple[date, ...]:
        """The months that averages count: neither those before the first known expense of any category, nor those to
        come, unless they have expenses.
        """
        used = [month for month, figures in self.figures.items() if figures.categories]
        first, last = min(used, default=self.months[0]), max([today.replace(day=1), *used])
        return tuple(month for month in self.months if first <= month <= last) or self.months

    def cell(self, month: date, slug: str) -> Decimal:
        """What was spent on a category in a month, rounded."""
        if (month, slug) not in self._rounded:
            figures = self.figures[month].categories.get(slug)
            self._rounded[month, slug] = figures.shown(self.currency) if figures else quantize(ZERO, self.currency)
        return self._rounded[month, slug]

    def month_total(self, month: date) -> Decimal:
        return sum((self.cell(month, slug) for slug in self.categories), quantize(ZERO, self.currency))

    def unsure(self, month: date, slug: str) -> Decimal:
        """The part of a cell that waits for review, rounded."""
        figures = self.figures[month].categories.get(slug)
        return quantize(figures.unsure if figures else ZERO, self.currency)

    def day_totals(self, month: date) -> dict[int, Decimal]:
        """Day of the month -> what was spent, rounded so that the days add up to the month; only days with expenses."""
        if (month, DAYS) not in self._rounded:
            days: dict[int, Decimal] = defaultdict(Decimal)
            for _, figures in self.of(month):
                for day, value in figures.days.items():
                    days[day] += value
            self._rounded[month, DAYS] = rounded_to(self.month_total(month), days, self.currency)
        return self._rounded[month, DAYS]


def rounded_to(total: Decimal, values: Mapping[int, Decimal], currency: str) -> dict[int, Decimal]:
    """The values rounded so that they add up to `total`: each to the nearest, then what is missing or too much, a minor
    unit each, where rounding had moved the value most the other way. What is exact stays, unless everything is.
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
    """A category over all months. share: percent of all positive slices, None for what is not above zero."""

    slug: str
    amount: Decimal
    unsure: Decimal
    count: int
    share: Decimal | None = None


def breakdown(scope: Scope) -> list[Slice]:
    """One slice for each category with expenses, the largest first."""
    slices = []
    for slug in scope.categories:
        found = [figures for month in scope.months for name, figures in scope.of(month) if name == slug]
        if not any(figures.count for figures in found):
            continue
        amount = sum((scope.cell(month, slug) for month in scope.months), ZERO)
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
    """Months by categories. cells: month -> slug -> amount; categories: those with expenses, in display order."""

    months: tuple[date, ...]
    categories: tuple[str, ...]
    cells: Mapping[date, Mapping[str, Decimal]]

    def month_total(self, month: date) -> Decimal:
        return sum(self.cells[month].values(), ZERO)

    def category_total(self, slug: str) -> Decimal:
        return sum((row[slug] for row in self.cells.values()), ZERO)

    def total(self) -> Decimal:
        return sum((self.month_total(month) for month in self.months), ZERO)


def comparison(scope: Scope) -> Grid:
    used = {slug for month in scope.months for slug, figures in scope.of(month) if figures.count}
    categories = tuple(slug for slug in scope.categories if slug in used)
    cells = {month: {slug: scope.cell(month, slug) for slug in categories} for month in scope.months}
    return Grid(scope.months, categories, cells)


@dataclass
class Honesty:
    """What stands behind a total. excluded: currency -> expenses left out for want of a rate. earlier: expenses at the
    rate of an earlier day. own: at a rate of the person's own. foreign: currencies that were converted. count: expenses
    in the total.
    """

    excluded: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    earlier: int = 0
    own: int = 0
    foreign: set[str] = field(default_factory=set)
    unsure: Decimal = ZERO
    count: int = 0


def honesty(scope: Scope) -> Honesty:
    result = Honesty()
    for month in scope.months:
        for slug, figures in scope.of(month):
            for code, n in figures.excluded.items():
                result.excluded[code] += n
            result.earlier += figures.earlier
            result.own += figures.own
            result.foreign |= figures.flows.keys() - {scope.currency}
            result.count += figures.count
            result.unsure += scope.unsure(month, slug)
    return result


@dataclass(frozen=True)
class Point:
    """A day or a month of the trend. average: of this one and those before it, None where too few are known, and for
    days to come.
    """

    when: date
    amount: Decimal
    average: Decimal | None


def daily_trend(scope: Scope, today: date) -> list[Point]:
    """The only month, a point a day; averaged over seven days, which at its start reach into the month before."""
    (month,) = scope.months
    before = add_months(month, -1)
    known = before in scope.figures and bool(scope.figures[before].categories)
    days = _days_of(before, scope.day_totals(before)) if known else []
    first = len(days)
    days += _days_of(month, scope.day_totals(month))
    points = [_trend_point(days, at, DAYS_AVERAGED, scope.currency) for at in range(first, len(days))]
    return [p if p.when <= today else Point(p.when, p.amount, None) for p in points]


def monthly_trend(scope: Scope) -> list[Point]:
    """A point a month; averaged over three, of which earlier ones may lie before what is shown. Months before the
    first one with an expense do not count as months without spending: they have no average.
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
    length = (add_months(month, 1) - month).days
    return [(month.replace(day=day), totals.get(day, ZERO)) for day in range(1, length + 1)]


def heat_levels(scope: Scope) -> dict[date, tuple[Decimal, int]]:
    """Day -> (amount, level 0 to 5), only days with expenses. Equal numbers of days share a level, so that one rent
    does not make all other days look alike; level 0 is a day that brought money back.
    """
    totals = {
        month.replace(day=day): amount for month in scope.months for day, amount in scope.day_totals(month).items()
    }
    ranked = sorted(amount for amount in totals.values() if amount > 0)

    def level(amount: Decimal) -> int:
        return -(-HEAT_LEVELS * bisect_right(ranked, amount) // len(ranked)) if amount > 0 else 0

    return {day: (amount, level(amount)) for day, amount in sorted(totals.items())}

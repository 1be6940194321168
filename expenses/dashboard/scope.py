"""What the dashboard shows: figures of months, rounded. Pure: no database, request or language.

Amounts are in the display currency. A cell is one stored category in one month, and is rounded once, here. Every total
of the dashboard and the list is a sum of cells, so own categories add up to their base category. Days are rounded so
that they add up to their month.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import cycle, islice
from typing import TypeVar

from expenses.money import minor_units, quantize
from expenses.months import month_of
from expenses.sums.figures import ZERO, CategoryFigures, MonthFigures

Figures = Mapping[date, MonthFigures]
Key = TypeVar("Key")


@dataclass(slots=True)
class Spending:
    """What was spent at a merchant. title, category: those of the most expenses in a month.

    count: of all expenses. rated: of those with a rate, which the amount is of.
    """

    title: str
    category: str
    amount: Decimal = ZERO
    count: int = 0
    rated: int = 0
    busiest: int = 0


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
    _cells: dict[date, dict[str, Decimal]] = field(default_factory=dict, repr=False, compare=False)
    _days: dict[date, dict[int, Decimal]] = field(default_factory=dict, repr=False, compare=False)

    def without_one_off(self) -> "Scope":
        """Return the scope without one-off expenses. It is for averages, trends and comparisons, not for totals."""
        return self._usual if self.has_one_off else self

    @cached_property
    def _usual(self) -> "Scope":
        figures = {month: found.without_one_off() for month, found in self.figures.items()}
        return Scope(figures, self.months, self.categories, self.currency, self.parts)

    @cached_property
    def _zero(self) -> Decimal:
        """Nothing, with the digits of the currency."""
        return quantize(ZERO, self.currency)

    @property
    def count(self) -> int:
        """How many expenses the total has."""
        return sum(figures.count for month in self.months for _slug, figures in self.of(month))

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
        return self._row(month)[slug]

    def _row(self, month: date) -> dict[str, Decimal]:
        """Return the spending of a month by category."""
        if month not in self._cells:
            self._cells[month] = {slug: self._cell(month, slug) for slug in self.categories}
        return self._cells[month]

    def _cell(self, month: date, slug: str) -> Decimal:
        return sum((figures.shown(self.currency) for figures in self.figures_of(month, slug)), self._zero)

    def month_total(self, month: date) -> Decimal:
        """Return the sum of a month's rounded cells."""
        return sum(self._row(month).values(), self._zero)

    def category_total(self, slug: str) -> Decimal:
        """Return the sum of a category's rounded cells in all months."""
        return sum((self._row(month)[slug] for month in self.months), self._zero)

    def total(self) -> Decimal:
        """Return the sum of all rounded cells."""
        return sum(map(self.month_total, self.months), self._zero)

    def unsure(self, month: date, slug: str) -> Decimal:
        """Return the unsure part of a cell, rounded."""
        unsure = (quantize(figures.unsure, self.currency) for figures in self.figures_of(month, slug))
        return sum(unsure, self._zero)

    @cached_property
    def merchants(self) -> dict[str, Spending]:
        """What was spent at each merchant, by its key."""
        found: dict[str, Spending] = {}
        stored = self.stored
        for month in self.months:
            for key, title, category, count, rated, busiest, value in self.figures[month].merchant_cells(self.currency):
                if category not in stored:
                    continue
                each = found.get(key)
                if each is None:
                    each = found[key] = Spending(title, category)
                each.count += count
                each.rated += rated
                each.amount += value
                if busiest > each.busiest:
                    each.title, each.category, each.busiest = title, category, busiest
        return found

    def day_totals(self, month: date) -> dict[int, Decimal]:
        """Return number of the day -> spending, for days with expenses, rounded so that they add up to the month."""
        if month not in self._days:
            days: dict[int, Decimal] = defaultdict(Decimal)
            for _, figures in self.of(month):
                for day, value in figures.days.items():
                    days[day] += value
            in_order = dict(sorted(days.items()))  # so that rounding never depends on which day was added up last
            self._days[month] = rounded_to(self.month_total(month), in_order, self.currency)
        return self._days[month]


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

"""What a month adds up to in the display currency.

A cell is one category in one month. It is stored exactly and rounded once, for display (`CategoryFigures.shown`).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from expenses import money, rates
from expenses.sums.flow import ZERO, Based, Flow
from expenses.sums.merchants import MerchantCell, MerchantFigure, merchant_cells
from expenses.sums.month_sums import Big, Sum


@dataclass
class CategoryFigures:
    """One category in one month, in the display currency.

    days: number of the day in its month -> value. unsure: the unsure part of the sum. count: the number of expenses in
    the sum. based: what rests on old, blended and own rates, by `rates.BASES`.
    excluded: currency -> number of expenses without a rate, which are in no sum. flows: currency -> spending in it.
    once: how much was moved, with each pair once; of use only for what was moved.
    """

    days: dict[int, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    unsure: Decimal = ZERO
    count: int = 0
    based: dict[str, Based] = field(default_factory=lambda: defaultdict(Based))
    excluded: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    flows: dict[str, Flow] = field(default_factory=lambda: defaultdict(Flow))
    once: Decimal = ZERO

    def add(self, row: Sum, converted: rates.Converted, once: Decimal) -> None:
        self.days[row.day] += converted.amount
        self.count += row.count
        self.unsure += converted.amount if row.unsure else ZERO
        for basis in converted.bases:
            self.based[basis] = self.based[basis].plus(row.count, converted.amount)
        self.flows[row.currency] = self.flows[row.currency].plus(Decimal(row.amount), converted.amount)
        self.once += once

    def total(self) -> Decimal:
        """Return the exact sum."""
        return sum(self.days.values(), ZERO)

    def shown(self, currency: str) -> Decimal:
        """Return the sum as every page shows it, rounded to the minor units of the display currency."""
        return money.quantize(self.total(), currency)

    def to_json(self) -> list[Any]:
        days = {day: str(value) for day, value in self.days.items()}
        flows = {code: list(map(str, flow)) for code, flow in self.flows.items()}
        based = {basis: [part.count, str(part.value)] for basis, part in self.based.items()}
        return [days, str(self.unsure), self.count, based, self.excluded, flows, str(self.once)]

    @classmethod
    def from_json(cls, data: list[Any]) -> "CategoryFigures":
        days, unsure, count, based, excluded, flows, once = data
        return cls(
            {int(day): Decimal(value) for day, value in days.items()},
            Decimal(unsure),
            count,
            {basis: Based(part, Decimal(value)) for basis, (part, value) in based.items()},
            excluded,
            {code: Flow(*map(Decimal, values)) for code, values in flows.items()},
            Decimal(once),
        )


class BigFigure(NamedTuple):
    """One of the biggest expenses of a month. value: in the display currency, as text, None without a rate."""

    expense: Big
    value: str | None

    def rank(self) -> tuple[bool, Decimal]:
        """Return a sort key: the biggest first, those without a rate last."""
        return self.value is None, -Decimal(self.value or self.expense.order_value)


Categories = dict[str, CategoryFigures]


class KindFigures(NamedTuple):
    """One month in the display currency, by kind and category. Received amounts are negative, as they are stored."""

    spent: Categories
    moved: Categories
    received: Categories


@dataclass
class MonthFigures:
    """One month in the display currency.

    categories: what was spent, only those with expenses. biggest: sorted by rank. moved, received: the other kinds.
    regular: `categories` without one-off expenses, None if there are none.
    """

    month: date
    categories: Categories = field(default_factory=dict)
    biggest: Sequence[BigFigure] = ()
    merchants: Sequence[MerchantFigure] = ()
    merchants_truncated: bool = False
    moved: Categories = field(default_factory=dict)
    received: Categories = field(default_factory=dict)
    regular: Categories | None = None
    _merchant_cells: dict[str, list[MerchantCell]] = field(default_factory=dict, repr=False, compare=False)

    def merchant_cells(self, currency: str) -> list[MerchantCell]:
        """Return what was spent at each merchant, rounded. Pages add up two years, so it is kept with the figures."""
        if currency not in self._merchant_cells:
            self._merchant_cells[currency] = merchant_cells(self.merchants, currency)
        return self._merchant_cells[currency]

    def without_one_off(self) -> "MonthFigures":
        """Return the month without its one-off expenses."""
        return self if self.regular is None else replace(self, categories=self.regular, regular=None)

    def to_json(self) -> list[Any]:
        sums = [_to_json(each) for each in (self.categories, self.moved, self.received)]
        regular = None if self.regular is None else _to_json(self.regular)
        return [*sums, regular, self.biggest, self.merchants, self.merchants_truncated]

    @classmethod
    def from_json(cls, month: date, data: list[Any]) -> "MonthFigures":
        spent, moved, received, regular, biggest, merchants, truncated = data
        return cls(
            month,
            _from_json(spent),
            [BigFigure(Big._make(row), value) for row, value in biggest],
            list(map(MerchantFigure._make, merchants)),
            truncated,
            _from_json(moved),
            _from_json(received),
            None if regular is None else _from_json(regular),
        )


def _to_json(categories: Categories) -> dict[str, Any]:
    return {slug: figures.to_json() for slug, figures in categories.items()}


def _from_json(data: dict[str, Any]) -> Categories:
    return {slug: CategoryFigures.from_json(figures) for slug, figures in data.items()}

"""Find the biggest expenses and the most frequent merchants for the dashboard. Pure."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import islice

from expenses.dashboard.scope import Scope
from expenses.money import quantize
from expenses.months import day_in
from expenses.sums.figures import BigFigure

_LISTED = 8


@dataclass(frozen=True)
class BigRow:
    """One of the biggest expenses. value: rounded, None without a rate."""

    figure: BigFigure
    spent_on: date
    value: Decimal | None


def biggest_expenses(scope: Scope) -> list[BigRow]:
    """Return the biggest expenses, the largest first, those without a rate last."""
    found = []
    for month in scope.months:
        chosen = (row for row in scope.figures[month].biggest if row.expense.category in scope.stored)
        found += [(figure, month) for figure in islice(chosen, _LISTED)]
    found.sort(key=lambda row: row[0].rank())
    return [
        BigRow(
            figure,
            day_in(month, figure.expense.day),
            None if figure.value is None else quantize(Decimal(figure.value), scope.currency),
        )
        for figure, month in found[:_LISTED]
    ]


@dataclass
class MerchantRow:
    """A merchant with several expenses. title, category: the most frequent. amounts: currency -> sum as entered."""

    title: str
    category: str
    count: int = 0
    amounts: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))


def top_merchants(scope: Scope) -> tuple[list[MerchantRow], bool]:
    """Return the most frequent merchants, and whether a month has too many titles to count them all."""
    rows: dict[str, MerchantRow] = {}
    most: dict[str, int] = {}
    chosen = scope.stored
    for month in scope.months:
        for key, title, category, currency, amount, count, _value in scope.figures[month].merchants:
            if category not in chosen:
                continue
            row = rows.get(key) or rows.setdefault(key, MerchantRow(title, category))
            row.count += count
            row.amounts[currency] += Decimal(amount)
            if count > most.get(key, 0):
                most[key] = count
                row.title, row.category = title, category
    frequent = sorted((row for row in rows.values() if row.count > 1), key=lambda row: (-row.count, row.title))
    return frequent[:_LISTED], any(scope.figures[month].merchants_truncated for month in scope.months)

"""Find the biggest expenses for the dashboard. Pure."""

from dataclasses import dataclass
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

"""What was spent at each merchant, in the display currency. Pure.

An amount is rounded as the total of the list of the merchant's expenses: once for each month and stored category.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from heapq import nsmallest

from expenses.dashboard.scope import Scope, Spending
from expenses.sums.figures import ZERO

_LISTED = 8
# The rest of the merchants, which no title names.
OTHERS = ""


@dataclass(frozen=True)
class MerchantRow:
    """A merchant with several expenses. title, category: the most frequent. amounts: currency -> sum as entered."""

    title: str
    category: str
    count: int
    amounts: Mapping[str, Decimal]


@dataclass(frozen=True)
class MerchantChange:
    """How a merchant changed from one period to another. count, count_before: numbers of expenses."""

    title: str
    category: str
    difference: Decimal
    count: int
    count_before: int


def top_merchants(scope: Scope) -> tuple[list[MerchantRow], bool]:
    """Return the most frequent merchants, and whether a month has too many titles to count them all."""
    repeated = (item for item in scope.merchants.items() if item[1].count > 1)
    frequent = dict(nsmallest(_LISTED, repeated, key=lambda item: (-item[1].count, item[1].title)))
    amounts: dict[str, dict[str, Decimal]] = {key: defaultdict(Decimal) for key in frequent}
    for month in scope.months:
        for row in scope.figures[month].merchants:
            if row.key in amounts and row.category in scope.stored:
                amounts[row.key][row.currency] += Decimal(row.amount)
    rows = [MerchantRow(each.title, each.category, each.count, amounts[key]) for key, each in frequent.items()]
    return rows, any(scope.figures[month].merchants_truncated for month in scope.months)


def biggest_merchants(scope: Scope, count: int) -> list[Spending]:
    """Return the merchants with the most spending, and the rest as OTHERS, so that they add up to the total.

    count: the number of expenses in the total. OTHERS without expenses is a difference of rounding.
    """
    spending = (each for each in scope.merchants.values() if each.rated)
    ranked = nsmallest(_LISTED, spending, key=lambda each: (-each.amount, each.title))
    others = max(0, count - sum(each.rated for each in ranked))
    rest = scope.total() - sum((each.amount for each in ranked), ZERO)
    if others or rest:
        ranked.append(Spending(OTHERS, scope.categories[0], rest, others, others))
    return ranked


def merchant_changes(now: Scope, before: Scope) -> list[MerchantChange]:
    """Return the merchants that changed most, the largest change first."""
    spending, spending_before = now.merchants, before.merchants
    differences = {key: each.amount for key, each in spending.items()}
    for key, each in spending_before.items():
        differences[key] = differences.get(key, ZERO) - each.amount
    named = spending_before | spending
    changed = (key for key, difference in differences.items() if difference)
    ranked = nsmallest(_LISTED, changed, key=lambda key: (-abs(differences[key]), named[key].title))
    none = Spending("", "")
    return [
        MerchantChange(
            named[key].title,
            named[key].category,
            differences[key],
            spending.get(key, none).rated,
            spending_before.get(key, none).rated,
        )
        for key in ranked
    ]

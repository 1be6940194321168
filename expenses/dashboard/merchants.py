"""What was spent at each merchant, in the display currency. Pure.

An amount is rounded as the total of the list of the merchant's expenses: once for each month and stored category.
"""

from dataclasses import dataclass
from decimal import Decimal
from heapq import nsmallest

from expenses.dashboard.scope import Scope
from expenses.money import quantize
from expenses.sums.figures import ZERO

_LISTED = 8
# The rest of the merchants, which no title names.
OTHERS = ""


@dataclass
class Spending:
    """What was spent at a merchant. title, category: those of the most expenses in a month."""

    title: str
    category: str
    amount: Decimal = ZERO
    count: int = 0
    busiest: int = 0


@dataclass(frozen=True)
class MerchantChange:
    """How a merchant changed from one period to another. count, count_before: numbers of expenses."""

    title: str
    category: str
    difference: Decimal
    count: int
    count_before: int


def _merchants_of(scope: Scope) -> dict[str, Spending]:
    """Return merchant -> spending. Amounts without a rate are left out."""
    found: dict[str, Spending] = {}
    stored, currency = scope.stored, scope.currency
    for month in scope.months:
        for key, title, category, count, busiest, value in scope.figures[month].merchant_cells:
            if category not in stored:
                continue
            each = found.get(key)
            if each is None:
                each = found[key] = Spending(title, category)
            each.count += count
            each.amount += quantize(value, currency)
            if busiest > each.busiest:
                each.title, each.category, each.busiest = title, category, busiest
    return found


def biggest_merchants(scope: Scope, count: int) -> list[Spending]:
    """Return the merchants with the most spending, and the rest as OTHERS, so that they add up to the total.

    count: the number of expenses in the total. OTHERS without expenses is a difference of rounding.
    """
    ranked = sorted(_merchants_of(scope).values(), key=lambda each: (-each.amount, each.title))[:_LISTED]
    others = max(0, count - sum(each.count for each in ranked))
    rest = scope.total() - sum((each.amount for each in ranked), ZERO)
    if others or rest:
        ranked.append(Spending(OTHERS, scope.categories[0], rest, others))
    return ranked


def merchant_changes(now: Scope, before: Scope) -> list[MerchantChange]:
    """Return the merchants that changed most, the largest change first."""
    spending, spending_before = _merchants_of(now), _merchants_of(before)
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
            spending.get(key, none).count,
            spending_before.get(key, none).count,
        )
        for key in ranked
    ]

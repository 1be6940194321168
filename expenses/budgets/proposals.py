"""Budgets that FinBrain proposes, from the median of one's own last months."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

from bson import ObjectId

from classifier.category_set import CategorySet
from expenses.budgets.spending import BudgetSpending, total
from expenses.models.budgets import EVERYTHING, Amount, Budget, Per
from expenses.money import quantize
from expenses.months import add_months, first_of, last_of, month_of
from expenses.sums.flow import ZERO

MONTHS, _LEAST = 6, 3
# From this amount on, a proposal is a whole number.
_WHOLE_FROM = 10


@dataclass(frozen=True)
class BudgetProposal:
    """A monthly budget. amount: the median of the last `months` months. low, high: the least and the most of them."""

    scope: str
    amount: Decimal
    low: Decimal
    high: Decimal
    months: int

    def budget(self, currency: str, today: date) -> Budget:
        """Return the budget, which begins with the current month."""
        first = first_of(month_of(today))
        return Budget(str(ObjectId()), self.scope, Per.MONTH.value, first, (Amount(first, self.amount, currency),))


def first_needed(today: date) -> date:
    """Return the first day that the proposals are made from."""
    return first_of(add_months(month_of(today), -MONTHS))


def propose(
    spending: BudgetSpending, categories: CategorySet, budgets: Collection[Budget], currency: str, today: date
) -> list[BudgetProposal]:
    """Return proposals for everything and each category that has no budget, in display order.

    One-off expenses don't count, nor do months before the first expense.
    """
    months = _known_months(spending, today)
    taken = {categories.slug_of(budget.scope) for budget in budgets}
    if len(months) < _LEAST:
        return []
    scopes = (EVERYTHING, *(slug for slug, _name in categories.choices()))
    found = [_proposal(spending, scope, months, currency) for scope in scopes if scope not in taken]
    return [each for each in found if each]


def _known_months(spending: BudgetSpending, today: date) -> list[date]:
    first = spending.first
    months = [add_months(month_of(today), -n) for n in range(MONTHS, 0, -1)]
    return [month for month in months if first and month_of(first) <= month]


def _proposal(spending: BudgetSpending, scope: str, months: list[date], currency: str) -> BudgetProposal | None:
    """Return the proposal for a scope, None if most months have no spending on it."""
    totals = []
    for month in months:
        rows = spending.rows(scope, currency, first_of(month), last_of(month))
        totals.append(total((row for row in rows if not row.sum.one_off), currency))
    middle = median(totals)
    amount = middle.quantize(Decimal(1), ROUND_HALF_UP) if middle >= _WHOLE_FROM else quantize(middle, currency)
    return BudgetProposal(scope, amount, min(totals), max(totals), len(months)) if amount > ZERO else None

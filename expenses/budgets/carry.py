"""What each period of a budget carries to the next one. Pure: computed from what was spent, never stored."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from expenses.budgets.periods import last_day
from expenses.models.budgets import Budget, Rollover
from expenses.money import quantize
from expenses.sums.flow import ZERO

# (first day, last day, currency) -> what was spent. (amount, from currency, to currency, day) -> converted, or None.
SpentIn = Callable[[date, date, str], Decimal]
Convert = Callable[[Decimal, str, str, date], Decimal | None]


@dataclass(frozen=True)
class BudgetPeriod:
    """A period of a budget, in the currency that its amount has.

    carried: from the period before, negative if that one was overspent. lost: whether something was left that can't be
    carried, because the budget changed its currency and there is no exchange rate.
    """

    start: date
    last: date
    amount: Decimal
    currency: str
    carried: Decimal
    spent: Decimal
    lost: bool = False

    @property
    def available(self) -> Decimal:
        return self.amount + self.carried

    @property
    def left(self) -> Decimal:
        """What is left, negative if more was spent than available."""
        return self.available - self.spent


def carry_through(budget: Budget, starts: Sequence[date], spent_in: SpentIn, convert: Convert) -> list[BudgetPeriod]:
    """Return the budget's periods with what each carries. starts: from its first period on, without gaps.

    If the amount changes its currency, what is carried is converted at the rate of the new period's first day.
    """
    found: list[BudgetPeriod] = []
    for start in starts:
        amount = budget.amount_on(start)
        left = _left_over(budget, found[-1]) if found else ZERO
        carried: Decimal | None = left
        if left and found[-1].currency != amount.currency:
            carried = convert(left, found[-1].currency, amount.currency, start)
        last = last_day(budget, start)
        spent = spent_in(start, last, amount.currency)
        kept = quantize(carried or ZERO, amount.currency)
        found.append(BudgetPeriod(start, last, amount.amount, amount.currency, kept, spent, carried is None))
    return found


def _left_over(budget: Budget, period: BudgetPeriod) -> Decimal:
    """Return what a period leaves to the next one."""
    if budget.rollover == Rollover.NONE:
        return ZERO
    return period.left if budget.rollover == Rollover.BOTH else max(period.left, ZERO)

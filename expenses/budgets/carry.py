"""What each period of a budget carries to the next one. Pure: computed from what was spent, never stored."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from expenses.budgets.periods import later_period
from expenses.models.budgets import Budget, Rollover
from expenses.money import quantize
from expenses.sums.flow import ZERO

_ONE_DAY = timedelta(days=1)
# (first day, last day, currency) -> what was spent. (amount, from currency, to currency, day) -> converted, or None.
SpentIn = Callable[[date, date, str], Decimal]
Convert = Callable[[Decimal, str, str, date], Decimal | None]


class BudgetPeriod(NamedTuple):
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


def carry_through(
    budget: Budget, starts: Sequence[date], spent_in: SpentIn, convert: Convert, quiet: int = 0
) -> list[BudgetPeriod]:
    """Return the budget's periods with what each carries. starts: from its first period on, without gaps.

    quiet: how many of the first periods to leave out, because nothing was spent in them or because they carry nothing.
    If the amount changes its currency, what is carried is converted at the rate of the new period's first day.
    """
    if not starts:
        return []
    found: list[BudgetPeriod] = []
    left, before = _left_by_quiet(budget, starts[: quiet + 1], convert)
    for start, after in pairwise((*starts[quiet:], later_period(budget, starts[-1], 1))):
        last = after - _ONE_DAY
        amount = budget.amount_until(last)
        carried = _in_currency(left, before or amount.currency, amount.currency, start, convert)
        spent = spent_in(start, last, amount.currency)
        period = BudgetPeriod(start, last, amount.amount, amount.currency, carried or ZERO, spent, carried is None)
        found.append(period)
        left, before = _left_over(budget, period), period.currency
    return found


def _left_by_quiet(budget: Budget, starts: Sequence[date], convert: Convert) -> tuple[Decimal, str]:
    """Return what periods without any spending leave to the last of `starts`, and its currency, "" without any.

    It needs a step for each amount, not for each period.
    """
    left, currency, done = ZERO, "", 0
    if budget.rollover == Rollover.NONE:
        return left, currency
    ends = (*(each.since for each in budget.amounts[1:]), starts[-1])
    for (_since, amount, code), end in zip(budget.amounts, ends, strict=True):
        until = quiet_before(starts, end)
        if until > done:
            carried = _in_currency(left, currency or code, code, starts[done], convert) or ZERO
            left, currency, done = carried + (until - done) * amount, code, until
    return left, currency


def _in_currency(amount: Decimal, code: str, to_code: str, day: date, convert: Convert) -> Decimal | None:
    """Convert what is carried, None without a rate."""
    if not amount or code == to_code:
        return amount
    converted = convert(amount, code, to_code, day)
    return None if converted is None else quantize(converted, to_code)


def quiet_before(starts: Sequence[date], first: date) -> int:
    """Return how many of the periods end before a day."""
    return max(bisect_right(starts, first) - 1, 0)


def _left_over(budget: Budget, period: BudgetPeriod) -> Decimal:
    """Return what a period leaves to the next one."""
    if budget.rollover == Rollover.NONE:
        return ZERO
    return period.left if budget.rollover == Rollover.BOTH else max(period.left, ZERO)

"""How far a goal is, and whether it will be reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_UP, Decimal
from statistics import median

from expenses.budgets.proposals import MONTHS
from expenses.budgets.spending import BudgetSpending, total
from expenses.budgets.standings import Standing
from expenses.models.budgets import EVERYTHING, Goal, GoalKind
from expenses.money import minor_units, quantize
from expenses.months import add_months, first_of, last_of, month_of
from expenses.sums.flow import ZERO

_MONTH_DAYS = Decimal("365.2425") / 12
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class GoalStanding:
    """A goal. done: what is saved or spent. usual: per month, None if too few months are known.

    expected: what `done` will be on the last day, None like `usual`. a_month: what would reach the goal: more to save
    or less to spend a month. None if it is reached as it is, or if its last day is past.
    """

    goal: Goal
    done: Decimal
    usual: Decimal | None
    expected: Decimal | None
    a_month: Decimal | None
    is_over: bool

    @property
    def will_do(self) -> bool | None:
        """Whether the goal is or will be reached, None if nobody can tell yet."""
        saves, amount = self.goal.kind == GoalKind.SAVE, self.goal.amount
        if saves and self.done >= amount:
            return True
        result = self.done if self.is_over or self.done > amount else self.expected
        if result is None:
            return None
        return result >= amount if saves else result <= amount


def goal_standing(goal: Goal, spending: BudgetSpending, standings: Sequence[Standing], today: date) -> GoalStanding:
    """Return how far a goal is today."""
    until = min(today, goal.by) if goal.kind == GoalKind.SAVE else goal.by
    by_month: list[Decimal]
    if goal.scope != EVERYTHING and goal.kind == GoalKind.SAVE:
        done, by_month = _left_over(goal, spending, standings, today)
    else:
        done = _value(goal, spending, goal.starts_on, until)
        by_month = [_value(goal, spending, *days, usual=True) for days in _months_before(spending, today)]
    usual = median(by_month) if len(by_month) >= 2 else None
    months_left = Decimal(max((goal.by - max(today, goal.starts_on - _ONE_DAY)).days, 0)) / _MONTH_DAYS
    expected = None if usual is None else done + usual * months_left
    return GoalStanding(
        goal,
        quantize(done, goal.currency),
        None if usual is None else quantize(usual, goal.currency),
        None if expected is None else quantize(expected, goal.currency),
        _a_month(goal, expected, months_left),
        goal.by < today,
    )


def _value(goal: Goal, spending: BudgetSpending, first: date, last: date, *, usual: bool = False) -> Decimal:
    """Return what was kept or spent on these days. usual: without one-off expenses, if the goal is about spending."""
    if goal.kind == GoalKind.UNDER:
        rows = spending.rows(goal.scope, goal.currency, first, last)
        return total((row for row in rows if not (usual and row.sum.one_off)), goal.currency)
    spent = spending.total(EVERYTHING, goal.currency, first, last)
    return spending.received_in(goal.currency, first, last) - spent


def _left_over(
    goal: Goal, spending: BudgetSpending, standings: Sequence[Standing], today: date
) -> tuple[Decimal, list[Decimal]]:
    """Return what the budget's finished periods left since the goal began, and by period as an amount a month."""
    done, by_month = ZERO, []
    for standing in standings:
        if standing.budget.id != goal.scope:
            continue
        for period in standing.periods:
            left = spending.convert(period.amount - period.spent, period.currency, goal.currency, period.last)
            if period.last >= today or period.last > goal.by or left is None:
                continue
            done += left if period.start >= goal.starts_on else ZERO
            by_month.append(left * _MONTH_DAYS / ((period.last - period.start).days + 1))
    return done, by_month[-MONTHS:]


def _months_before(spending: BudgetSpending, today: date) -> list[tuple[date, date]]:
    """Return the days of the last months before this one that are known."""
    first = spending.first
    months = [add_months(month_of(today), -n) for n in range(1, MONTHS + 1)]
    return [(first_of(month), last_of(month)) for month in months if first and month_of(first) <= month]


def _a_month(goal: Goal, expected: Decimal | None, months_left: Decimal) -> Decimal | None:
    """Return what is missing per month that is left, rounded up, None if nothing is."""
    if expected is None or not months_left:
        return None
    missing = goal.amount - expected if goal.kind == GoalKind.SAVE else expected - goal.amount
    if missing <= 0:
        return None
    unit = Decimal(1).scaleb(-minor_units(goal.currency))
    return (missing / max(months_left, Decimal(1))).quantize(unit, ROUND_UP)

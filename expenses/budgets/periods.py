"""The periods of a budget: when they begin and end. Pure.

A period is represented by its first day.
"""

from datetime import date, timedelta

from expenses.models.budgets import Budget, Per
from expenses.months import ON_LAST_WORKING_DAY, add_months, first_of, month_of, start_in
from expenses.weeks import current_first_weekday

_MONTHS = {Per.MONTH: 1, Per.QUARTER: 3, Per.YEAR: 12}
_ONE_DAY = timedelta(days=1)


def start_of(budget: Budget, day: date) -> date:
    """Return the period that a day is in, even if the budget began later."""
    if budget.per == Per.WEEK:
        return day - timedelta(days=(day.weekday() - current_first_weekday()) % 7)
    if budget.per == Per.WEEKS:
        return day - timedelta(days=(day - budget.starts_on).days % _length(budget))
    if months := _MONTHS.get(Per(budget.per)):
        month = month_of(day)
        return first_of(month.replace(month=(month.month - 1) // months * months + 1))
    month = day.replace(day=1)
    start = _payday(budget, month)
    return start if start <= day else _payday(budget, add_months(month, -1))


def later_period(budget: Budget, start: date, n: int) -> date:
    """Return the period `n` periods later, or earlier if `n` is negative."""
    if budget.per in (Per.WEEK, Per.WEEKS):
        return start + timedelta(days=_length(budget) * n)
    if months := _MONTHS.get(Per(budget.per)):
        return first_of(add_months(month_of(start), months * n))
    return _payday(budget, add_months(start, n))


def last_day_of_period(budget: Budget, start: date) -> date:
    """Return the last day of the period that begins on `start`."""
    return later_period(budget, start, 1) - _ONE_DAY


def periods_until(budget: Budget, today: date) -> list[date]:
    """Return the budget's periods from its first one to that of today, or to its last one. Empty before it starts."""
    if budget.starts_on > today:
        return []
    start, last = start_of(budget, budget.starts_on), min(today, budget.ends_on or today)
    if budget.per in (Per.WEEK, Per.WEEKS):
        days = range(start.toordinal(), last.toordinal() + 1, _length(budget))
        return list(map(date.fromordinal, days))
    starts = []
    while start <= last:
        starts.append(start)
        start = later_period(budget, start, 1)
    return starts


def _length(budget: Budget) -> int:
    return 7 * budget.every if budget.per == Per.WEEKS else 7


def _payday(budget: Budget, month: date) -> date:
    """Return the payday in a calendar month."""
    return start_in(month, ON_LAST_WORKING_DAY if budget.per == Per.WORKING_DAY else budget.every)

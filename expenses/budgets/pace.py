"""Where a budget's running period is, compared with one's own earlier periods and with the series still due. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

from expenses.budgets.carry import BudgetPeriod
from expenses.budgets.periods import last_day, moved
from expenses.budgets.spending import Rows, BudgetSpending, stored_slugs, total
from expenses.models.budgets import EVERYTHING, Budget
from expenses.money import quantize
from expenses.recurring.items import Item
from expenses.sums.flow import ZERO

# How many earlier periods are compared, and how many there must be.
COMPARED, _LEAST = 6, 2
# An earlier period counts if the first expense came in this part of it.
_LIVED = 4
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Due:
    """An entry of a series that is still due in the period. value: in the budget's currency."""

    name: str
    day: date
    value: Decimal


@dataclass(frozen=True)
class Pace:
    """The running period. All amounts are in its currency.

    unsure, one_off: the parts of what was spent. usual: what earlier periods had spent by the same point, without
    one-off expenses, None if there are too few. expected: what will be spent by the end, None like `usual`. paid: the
    names of series with an entry in the period. rates: the part of what was spent that comes from exchange rates that
    changed since the period began. left_out: the number of entries without a rate.
    """

    unsure: Decimal
    one_off: Decimal
    usual: Decimal | None
    expected: Decimal | None
    due: tuple[Due, ...]
    paid: tuple[str, ...]
    rates: Decimal
    left_out: int

    @property
    def due_total(self) -> Decimal:
        return sum((each.value for each in self.due), ZERO)


def pace_of(
    budget: Budget, period: BudgetPeriod, spending: BudgetSpending, series: Iterable[Item], today: date
) -> Pace:
    """Return where the period is that today is in."""
    currency = period.currency
    mine = [item for item in series if _counts(item, budget, spending)]
    rows = spending.rows(budget.scope, currency, period.start, period.last)
    due = _due(mine, period, spending, today)
    paid = [item.name for item in mine if any(period.start <= each.day <= period.last for each in item.facts.entries)]
    usual = expected = None
    points = [_at_point(budget, start, period, spending, mine, today) for start in _earlier(budget, period, spending)]
    if len(points) >= _LEAST or period.last <= today:
        if points:
            usual = quantize(median(by_then for by_then, _rest in points), currency)
        planned = total((row for row in rows if row.day > today), currency)
        rest = max((median(rest for _by_then, rest in points) if points else ZERO) - planned, ZERO)
        expected = quantize(period.spent + sum((each.value for each in due), ZERO) + rest, currency)
    return Pace(
        unsure=total((row for row in rows if row.sum.unsure), currency),
        one_off=total((row for row in rows if row.sum.one_off), currency),
        usual=usual,
        expected=expected,
        due=tuple(due),
        paid=tuple(dict.fromkeys(paid)),
        rates=quantize(_moved_by_rates(rows, period, spending), currency),
        left_out=sum(row.sum.count for row in rows if row.value is None),
    )


def _counts(item: Item, budget: Budget, spending: BudgetSpending) -> bool:
    """Whether a series is live and its entries count in the budget."""
    in_scope = budget.scope == EVERYTHING or item.row["category"] in stored_slugs(spending.categories, budget.scope)
    return item.is_live and not item.facts.is_income and in_scope


def _due(series: Sequence[Item], period: BudgetPeriod, spending: BudgetSpending, today: date) -> list[Due]:
    found = []
    for item in series:
        value = spending.convert(item.amount, item.facts.currency, period.currency, today)
        if value is not None:
            days = [day for day in item.due_days(period.last) if day >= period.start]
            found += [Due(item.name, day, quantize(value, period.currency)) for day in days]
    return sorted(found, key=lambda each: each.day)


def _earlier(budget: Budget, period: BudgetPeriod, spending: BudgetSpending) -> list[date]:
    """Return the periods before this one to compare with: those that are known from about their beginning on."""
    first = spending.first
    starts = [moved(budget, period.start, -n) for n in range(1, COMPARED + 1)]
    length = (period.last - period.start) // _LIVED
    return [start for start in starts if first is not None and first <= start + length]


def _at_point(
    budget: Budget, start: date, period: BudgetPeriod, spending: BudgetSpending, series: Sequence[Item], today: date
) -> tuple[Decimal, Decimal]:
    """Return what an earlier period had spent by the same point, and what came later without the known series."""
    last = last_day(budget, start)
    point = last if today >= period.last else min(last, start + (today - period.start))
    usual = [row for row in spending.rows(budget.scope, period.currency, start, last) if not row.sum.one_off]
    by_then = total((row for row in usual if row.day <= point), period.currency)
    rest = total((row for row in usual if row.day > point), period.currency)
    for item in series:
        for entry in item.facts.entries:
            if point < entry.day <= last:
                rest -= spending.convert(entry.amount, entry.currency, period.currency, entry.day) or ZERO
    return by_then, rest


def _moved_by_rates(rows: Rows, period: BudgetPeriod, spending: BudgetSpending) -> Decimal:
    """Return how much more the foreign spending costs than at the rates of the day before the period."""
    more = ZERO
    for row in rows:
        if row.value is None or row.sum.currency == period.currency or row.sum.own_rate:
            continue
        amount = Decimal(row.sum.amount)
        before = spending.convert(amount, row.sum.currency, period.currency, period.start - _ONE_DAY)
        more += ZERO if before is None else row.value - before
    return more

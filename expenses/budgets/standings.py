"""Where all budgets of a ledger are on a day, with a fixed number of round trips."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from expenses.budgets.carry import BudgetPeriod, carry_through, quiet_before
from expenses.budgets.pace import COMPARED, Pace, pace_of
from expenses.budgets.periods import last_day, moved, periods_until, start_of
from expenses.budgets.spending import BudgetSpending, load_spending, months_between
from expenses.models.budgets import Budget, BudgetPlan, Rollover
from expenses.models.documents import SeriesDocument
from expenses.models.ledger import Ledger
from expenses.recurring.items import Item, items_of

Series = Sequence[SeriesDocument]
# How many periods a page shows of each budget.
SHOWN = 12
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Standing:
    """A budget with its last periods until today. pace: of the running period, None if the budget has none."""

    budget: Budget
    periods: list[BudgetPeriod]
    pace: Pace | None

    @property
    def running(self) -> BudgetPeriod | None:
        """The period that today is in."""
        return self.periods[-1] if self.pace else None

    @property
    def exceeds(self) -> Decimal | None:
        """How much more than available will be spent, None if the budget will do or nobody can tell yet."""
        if self.running is None or self.pace is None:
            return None
        over = max(self.running.spent, self.pace.expected or self.running.spent) - self.running.available
        return over if over > 0 else None


def standings(ledger: Ledger, tokens: Mapping[date, str], series: Series, today: date) -> list[Standing]:
    """Return where the ledger's budgets are. tokens: of all its months. series: as stored."""
    return standings_in(load_for(ledger, tokens, series, today), ledger, series, today)


def standings_in(spending: BudgetSpending, ledger: Ledger, series: Series, today: date) -> list[Standing]:
    """Return where the ledger's budgets are, with spending that `load_for` has loaded."""
    items = items_of(ledger, series, spending.book, today)
    plan = ledger.plan
    return [_standing(budget, spending, items, today, _shown_from(budget, plan, today)) for budget in plan.live]


def load_for(
    ledger: Ledger, tokens: Mapping[date, str], series: Series, today: date, first: date | None = None
) -> BudgetSpending:
    """Load the spending that the ledger's budgets need. first: an earlier day that something else needs."""
    days, starts = {today}, [first or today]
    currencies = {ledger.home_currency}
    last = today
    for budget in ledger.plan.live:
        running = start_of(budget, today)
        begun = start_of(budget, min(budget.starts_on, today))
        if budget.rollover == Rollover.NONE:
            begun = max(begun, _shown_from(budget, ledger.plan, today))
        starts += [begun, moved(budget, running, -COMPARED)]
        days |= {running - _ONE_DAY, *(start_of(budget, each.since) for each in budget.amounts)}
        days |= {moved(budget, start_of(budget, each.since), 1) for each in budget.amounts}
        currencies |= {each.currency for each in budget.amounts}
        last = max(last, last_day(budget, running))
    currencies |= {goal.currency for goal in ledger.plan.live_goals}
    codes = [row["currency"] for row in series]
    return load_spending(ledger, months_between(tokens, min(starts), last), currencies, days, codes)


def _shown_from(budget: Budget, plan: BudgetPlan, today: date) -> date:
    """Return the first of the budget's periods that a page shows or that a goal saves from."""
    last = start_of(budget, min(today, budget.ends_on or today))
    days = [goal.starts_on for goal in plan.live_goals if goal.scope == budget.id]
    return start_of(budget, min([moved(budget, last, 1 - SHOWN), *days]))


def _standing(
    budget: Budget, spending: BudgetSpending, items: Iterable[Item], today: date, shown_from: date
) -> Standing:
    starts = periods_until(budget, today)
    # What has no spending, or carries nothing, isn't looked at: a budget may have a thousand weeks.
    spends_from = spending.first if budget.rollover != Rollover.NONE else None
    quiet = quiet_before(starts, min(shown_from, spends_from or shown_from))

    def spent_in(first: date, last: date, currency: str) -> Decimal:
        return spending.total(budget.scope, currency, first, last)

    periods = carry_through(budget, starts, spent_in, spending.convert, quiet)
    runs = bool(periods) and periods[-1].last >= today
    return Standing(budget, periods, pace_of(budget, periods[-1], spending, items, today) if runs else None)

"""The ledger, which owns expenses, memory, months, imports and mappings."""

from dataclasses import dataclass
from typing import TypedDict

from bson import ObjectId

from classifier.category_set import BASE, CategorySet
from expenses.models.budgets import NO_PLAN, BudgetPlan
from expenses.models.own_rates import LedgerRate
from expenses.models.rules import Rule
from expenses.months import ON_FIRST


class Counting(TypedDict):
    """The settings of a ledger that its sums depend on."""

    cash_withdrawn: bool
    own_rates: tuple[LedgerRate, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger with its settings.

    id: the person's id for a person's own ledger; documents store it in the column `owner_id`, the shard key.
    home_currency: ISO 4217. threshold: the confidence (0 to 1) from which FinBrain files automatically.
    shares_corrections: whether corrections are sent to a reviewer. is_demo: its expenses are made up, so its
    corrections are never shared. cash_withdrawn: whether cash counts as spent when it is withdrawn, instead of when it
    is spent. own_rates: by day, see `own_rates.sorted_rates`. rules: in their order, with the last one deleted.
    categories: the base categories and its own. plan: its budgets and goals. week_start: the first day of the week, a
    `WeekStart`. month_start: when months begin, see `months.start_in`.
    """

    id: ObjectId
    home_currency: str
    threshold: float
    shares_corrections: bool
    is_demo: bool
    cash_withdrawn: bool = False
    own_rates: tuple[LedgerRate, ...] = ()
    rules: tuple[Rule, ...] = ()
    categories: CategorySet = BASE
    plan: BudgetPlan = NO_PLAN
    week_start: str = ""
    month_start: int = ON_FIRST

    @property
    def counting(self) -> Counting:
        """What its sums depend on, as keyword arguments."""
        return {"cash_withdrawn": self.cash_withdrawn, "own_rates": self.own_rates}

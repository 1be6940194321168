"""A ledger's budgets and goals. Pure: stored with the person as JSON."""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple, NotRequired, TypedDict, TypeVar, cast

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

# They are read with the person, in every request.
MOST = 40
MOST_GOALS = 20
# The scope of a budget for all categories.
EVERYTHING = "all"
# Days of the month, and weeks, that a payday period can have.
MOST_DAY, MOST_WEEKS = 31, 26


class Per(TextChoices):
    """How long the periods of a budget are. The last three begin on payday."""

    WEEK = "week", _("Week")
    MONTH = "month", _("Month")
    QUARTER = "quarter", _("Quarter")
    YEAR = "year", _("Year")
    DAY = "day", _("Payday: a day of the month")
    WORKING_DAY = "working-day", _("Payday: the last working day of the month")
    WEEKS = "weeks", _("Payday: every few weeks")


_MONTHLY = (Per.MONTH, Per.DAY, Per.WORKING_DAY)


class Rollover(TextChoices):
    """What a period leaves to the next one."""

    NONE = "none", _("Nothing: each period starts fresh")
    SURPLUS = "surplus", _("What is left over")
    BOTH = "both", _("What is left over, and what was overspent")


class GoalKind(TextChoices):
    """What a goal is about."""

    SAVE = "save", _("Save an amount by a date")
    UNDER = "under", _("Spend no more than an amount until a date")


class Amount(NamedTuple):
    """The amount of a budget's periods that begin on `since` or later, until the next amount."""

    since: date
    amount: Decimal
    currency: str


class _Stored(TypedDict):
    """What stored budgets and goals have in common. Empty values aren't stored, days are in ISO format."""

    id: str
    scope: str
    starts_on: str
    deleted: NotRequired[bool]


class StoredBudget(_Stored):
    """A `Budget` as it is stored. amounts: day, digits and currency of each."""

    per: str
    amounts: list[list[str]]
    every: NotRequired[int]
    rollover: NotRequired[str]
    ends_on: NotRequired[str]
    note: NotRequired[str]
    said_for: NotRequired[str]
    said_on: NotRequired[str]


class StoredGoal(_Stored):
    """A `Goal` as it is stored."""

    name: str
    kind: str
    amount: str
    currency: str
    by: str


@dataclass(frozen=True, slots=True)
class Budget:
    """A budget. It stores no balance: what was spent and what is carried always come from the sums.

    scope: EVERYTHING or a category as it was chosen, read through `CategorySet.slug_of`. every: the day of the month of
    Per.DAY, or the number of weeks of Per.WEEKS. starts_on: a day of the first period, and the first day of all periods
    of weeks. ends_on: a day of the last period. amounts: at least one, by `since`, each from the period with that day
    on. said_for: the first day of the last period that an email mentioned, said_on: the day of that email. deleted:
    kept until the next is deleted, so that it can be restored.
    """

    id: str
    scope: str
    per: str
    starts_on: date
    amounts: tuple[Amount, ...]
    every: int = 1
    rollover: str = Rollover.NONE.value
    ends_on: date | None = None
    note: str = ""
    said_for: date | None = None
    said_on: date | None = None
    deleted: bool = False

    def amount_until(self, last: date) -> Amount:
        """Return the amount of the period that ends on `last`."""
        return next((each for each in reversed(self.amounts) if each.since <= last), self.amounts[0])

    @property
    def latest(self) -> Amount:
        return self.amounts[-1]

    @property
    def length(self) -> tuple[str, int]:
        """How long its periods are: the same for all that last a month."""
        return (Per.MONTH, 1) if self.per in _MONTHLY else (self.per, self.every)

    def to_stored(self) -> StoredBudget:
        """Return the values to store, without empty ones."""
        amounts = [[each.since.isoformat(), f"{each.amount:f}", each.currency] for each in self.amounts]
        return cast(StoredBudget, _stored(self) | {"amounts": amounts})


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal. scope: what counts for it: EVERYTHING, a category, or the id of a budget whose surplus is saved.

    starts_on, by: its first and its last day. deleted: kept until the next is deleted, so that it can be restored.
    """

    id: str
    name: str
    kind: str
    amount: Decimal
    currency: str
    starts_on: date
    by: date
    scope: str = EVERYTHING
    deleted: bool = False

    def to_stored(self) -> StoredGoal:
        """Return the values to store, without empty ones."""
        return cast(StoredGoal, _stored(self) | {"amount": f"{self.amount:f}"})


@dataclass(frozen=True, slots=True)
class BudgetPlan:
    """The budgets and goals of a ledger, in the order in which they were added."""

    budgets: tuple[Budget, ...] = ()
    goals: tuple[Goal, ...] = ()

    @property
    def live(self) -> tuple[Budget, ...]:
        """The budgets that aren't deleted."""
        return tuple(each for each in self.budgets if not each.deleted)

    @property
    def live_goals(self) -> tuple[Goal, ...]:
        """The goals that aren't deleted."""
        return tuple(each for each in self.goals if not each.deleted)

    def find(self, budget_id: str) -> Budget | None:
        return next((each for each in self.live if each.id == budget_id), None)

    def find_goal(self, goal_id: str) -> Goal | None:
        return next((each for each in self.live_goals if each.id == goal_id), None)

    def with_budget(self, budget: Budget) -> "BudgetPlan":
        """Return the plan with a budget replaced or added."""
        return replace(self, budgets=_with(self.budgets, budget))

    def without_budget(self, budget: Budget) -> "BudgetPlan":
        """Delete a budget. It can be restored until the next one is deleted."""
        return replace(self, budgets=_with(self.live, replace(budget, deleted=True)))

    def without_budgets(self, budget_ids: Collection[str]) -> "BudgetPlan":
        """Return the plan without these budgets, which can't be restored."""
        return replace(self, budgets=tuple(each for each in self.budgets if each.id not in budget_ids))

    def restored(self, budget_id: str) -> "BudgetPlan | None":
        """Restore a deleted budget. Return None if there is no such budget."""
        found = next((each for each in self.budgets if each.id == budget_id), None)
        return found and self.with_budget(replace(found, deleted=False))

    def with_goal(self, goal: Goal) -> "BudgetPlan":
        """Return the plan with a goal replaced or added."""
        return replace(self, goals=_with(self.goals, goal))

    def without_goal(self, goal: Goal) -> "BudgetPlan":
        """Delete a goal. It can be restored until the next one is deleted."""
        return replace(self, goals=_with(self.live_goals, replace(goal, deleted=True)))

    def restored_goal(self, goal_id: str) -> "BudgetPlan | None":
        """Restore a deleted goal. Return None if there is no such goal."""
        found = next((each for each in self.goals if each.id == goal_id), None)
        return found and self.with_goal(replace(found, deleted=False))

    def to_text(self) -> str:
        """Return what is stored."""
        kept = {"budgets": self.budgets, "goals": self.goals}
        return json.dumps({name: [row.to_stored() for row in rows] for name, rows in kept.items()})


NO_PLAN = BudgetPlan()
_Planned = TypeVar("_Planned", Budget, Goal)


def _with(rows: Sequence[_Planned], row: _Planned) -> tuple[_Planned, ...]:
    """Return the rows with one replaced, or added if none has its id."""
    changed = [row if each.id == row.id else each for each in rows]
    return tuple(changed if row in changed else [*changed, row])


def _stored(row: Budget | Goal) -> dict[str, object]:
    """Return the values that aren't empty, days as text."""
    values = {each.name: getattr(row, each.name) for each in fields(row)}
    return {name: each.isoformat() if isinstance(each, date) else each for name, each in values.items() if each}


def twin_of(budget: Budget, others: Iterable[Budget], slug_of: Callable[[str], str]) -> Budget | None:
    """Return another budget for the same category and period with days in common, None if there is none."""
    for each in others:
        alike = (slug_of(each.scope), each.per, each.every) == (slug_of(budget.scope), budget.per, budget.every)
        after = budget.ends_on is not None and budget.ends_on < each.starts_on
        before = each.ends_on is not None and each.ends_on < budget.starts_on
        if each.id != budget.id and alike and not after and not before:
            return each
    return None

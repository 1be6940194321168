"""The context of the page with budgets and goals, from `page`."""

from typing import TypedDict


class Bar(TypedDict):
    """The parts of a budget's bar, in percent of its length. usual: None if nothing is usual yet."""

    sure: str
    spent: str
    due: str
    limit: str
    usual: str | None


class ShownBudget(TypedDict):
    """The texts and the bar of a budget with a running period. look: the classes of its colour."""

    id: str
    name: str
    look: str
    period: str
    spent: str
    available: str
    is_over: bool
    exceeds: bool
    headline: str
    url: str
    bar: Bar


class PastPeriod(TypedDict):
    """A period in the history of a budget."""

    name: str
    url: str
    amount: str
    carried: str
    spent: str
    left: str
    is_over: bool


class PeriodColumn(TypedDict):
    """The column of a period in the chart of a budget, in percent."""

    x: str
    spent: str
    available: str
    is_over: bool


class BudgetDetails(TypedDict):
    """What only the page with all budgets shows of a budget with a running period."""

    per: str
    carried: str
    details: list[str]
    note: str
    history: list[PastPeriod]
    columns: list[PeriodColumn]


class DetailedBudget(ShownBudget, BudgetDetails):
    """A budget on the page with all budgets."""


class RestingBudget(TypedDict):
    """A budget that has ended or not begun."""

    id: str
    name: str
    per: str
    when: str


class ProposedBudget(TypedDict):
    """A budget that FinBrain proposes."""

    scope: str
    name: str
    amount: str
    reason: str


class ShownGoal(TypedDict):
    """The texts about a goal. done: in percent."""

    id: str
    name: str
    scope: str
    progress: str
    outlook: str
    is_bad: bool
    done: str


class BudgetsContext(TypedDict):
    """The context of `budgets/budgets.html`."""

    budgets: list[DetailedBudget]
    resting: list[RestingBudget]
    proposals: list[ProposedBudget]
    goals: list[ShownGoal]


class BarsContext(TypedDict):
    """The budgets that the dashboard shows."""

    budgets: list[ShownBudget]

"""The context of the page with budgets and goals, and of the bars on the dashboard."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from classifier.category_set import category_of
from expenses.budgets.budget_types import (
    Bar,
    BarsContext,
    BudgetDetails,
    BudgetsContext,
    PastPeriod,
    PeriodColumn,
    ProposedBudget,
    RestingBudget,
    ShownBudget,
    ShownGoal,
)
from expenses.budgets.carry import BudgetPeriod
from expenses.budgets.goals import GoalStanding, goal_standing
from expenses.budgets.names import list_url, per_text, period_text, scope_name
from expenses.budgets.pace import Pace
from expenses.budgets.proposals import BudgetProposal, first_needed, propose_budgets
from expenses.budgets.sentences import details, headline
from expenses.budgets.standings import SHOWN, Series, Standing, load_for, standings, standings_in
from expenses.models.budgets import EVERYTHING, GoalKind
from expenses.models.ledger import Ledger
from expenses.models.own_categories import palette_class
from expenses.money import format_money
from expenses.sums.flow import ZERO

_WHOLE = 100
_Money = Callable[[Decimal], str]


def budgets_context(ledger: Ledger, tokens: Mapping[date, str], series: Series, today: date) -> BudgetsContext:
    """Return the context of `budgets/budgets.html`."""
    firsts = [first_needed(today), *(goal.starts_on for goal in ledger.plan.live_goals)]
    spending = load_for(ledger, tokens, series, today, min(firsts))
    found = standings_in(spending, ledger, series, today)
    home = ledger.home_currency
    proposals = propose_budgets(spending, ledger.categories, ledger.plan.live, home, today)
    goals = [goal_standing(goal, spending, found, today) for goal in ledger.plan.live_goals]
    return {
        "budgets": [{**_shown(*each, home), **_further(*each, home)} for each in _running(found)],
        "resting": [_resting(each, today) for each in found if not each.running],
        "proposals": [_proposal(each, home) for each in proposals],
        "goals": [_goal(each, found) for each in goals],
    }


def bars_context(ledger: Ledger, tokens: Mapping[date, str], series: Series, today: date) -> BarsContext:
    """Return the context of `budgets/_on_dashboard.html`, which is empty without a running budget."""
    found = standings(ledger, tokens, series, today)
    return {"budgets": [_shown(*each, ledger.home_currency) for each in _running(found)]}


def _money_format(currency: str) -> _Money:
    """Return a function that formats amounts of a currency in the current language."""
    language = get_language()
    return lambda amount: format_money(amount, currency, language)


def _running(found: Sequence[Standing]) -> list[tuple[Standing, BudgetPeriod, Pace]]:
    """Return the budgets with a running period, each with that period and where it is."""
    return [(each, each.running, each.pace) for each in found if each.running and each.pace]


def _shown(standing: Standing, period: BudgetPeriod, pace: Pace, home: str) -> ShownBudget:
    """Return the texts and the bar of a budget with a running period."""
    budget, money = standing.budget, _money_format(period.currency)
    return {
        "id": budget.id,
        "name": scope_name(budget.scope),
        "look": _look(budget.scope),
        "period": period_text(period.start, period.last),
        "spent": money(period.spent),
        "available": money(period.available),
        "is_over": period.left < 0,
        "exceeds": standing.exceeds is not None,
        "headline": headline(period, pace, money),
        "url": list_url(budget.scope, period, home),
        "bar": _bar(period, pace),
    }


def _further(standing: Standing, period: BudgetPeriod, pace: Pace, home: str) -> BudgetDetails:
    """Return what only the page with all budgets shows of one with a running period."""
    budget, money = standing.budget, _money_format(period.currency)
    return {
        "per": per_text(budget),
        "carried": _carried(period, money),
        "details": details(period, pace, money),
        "note": budget.note,
        "history": [_history(each, budget.scope, home) for each in reversed(standing.periods[-SHOWN:])],
        "columns": _columns(standing.periods[-SHOWN:]),
    }


def _look(scope: str) -> str:
    """Return the classes that give a bar the colour of its category."""
    return "" if scope == EVERYTHING else f"cat cat-{palette_class(category_of(scope).palette)}"


def _carried(period: BudgetPeriod, money: _Money) -> str:
    if period.carried > 0:
        return _("with %(amount)s left over from before") % {"amount": money(period.carried)}
    return _("less %(amount)s overspent before") % {"amount": money(-period.carried)} if period.carried else ""


def _percent(part: Decimal, whole: Decimal) -> str:
    return f"{max(ZERO, min(part / whole, Decimal(1))) * _WHOLE:.1f}"


def _bar(period: BudgetPeriod, pace: Pace) -> Bar:
    """Return the parts of the bar, in percent of its length: spent for certain, unsure, and still due."""
    whole = max(period.available, period.spent + pace.due_total, pace.usual or ZERO, Decimal("0.01"))
    sure = max(period.spent - max(pace.unsure, ZERO), ZERO)
    return {
        "sure": _percent(sure, whole),
        "spent": _percent(period.spent, whole),
        "due": _percent(period.spent + pace.due_total, whole),
        "limit": _percent(period.available, whole),
        "usual": None if pace.usual is None else _percent(pace.usual, whole),
    }


def _history(period: BudgetPeriod, scope: str, home: str) -> PastPeriod:
    money = _money_format(period.currency)
    return {
        "name": period_text(period.start, period.last),
        "url": list_url(scope, period, home),
        "amount": money(period.amount),
        "carried": money(period.carried) if period.carried else "–",
        "spent": money(period.spent),
        "left": money(period.left),
        "is_over": period.left < 0,
    }


def _columns(periods: Sequence[BudgetPeriod]) -> list[PeriodColumn]:
    """Return a column for each period, in percent: the height of what was spent, and of what was available."""
    whole = max((max(each.spent / each.amount, each.available / each.amount) for each in periods), default=Decimal(1))
    width = Decimal(_WHOLE) / SHOWN
    return [
        {
            "x": f"{width * (n + SHOWN - len(periods)) + 1:.1f}",
            "spent": _percent(each.spent / each.amount, whole),
            "available": _percent(each.available / each.amount, whole),
            "is_over": each.left < 0,
        }
        for n, each in enumerate(periods)
    ]


def _resting(standing: Standing, today: date) -> RestingBudget:
    """Return the texts of a budget that has ended or not begun."""
    budget = standing.budget
    begins = budget.starts_on > today
    day = budget.starts_on if begins else budget.ends_on or budget.starts_on
    said = _("begins on %(day)s") if begins else _("ended on %(day)s")
    when = said % {"day": date_format(day, "DATE_FORMAT")}
    return {"id": budget.id, "name": scope_name(budget.scope), "per": per_text(budget), "when": when}


def _proposal(proposal: BudgetProposal, currency: str) -> ProposedBudget:
    money = _money_format(currency)
    if proposal.low == proposal.high:
        text = ngettext("your last %(n)d month: %(low)s", "your last %(n)d months: %(low)s each", proposal.months)
    else:
        text = ngettext(
            "your last %(n)d month: %(low)s to %(high)s", "your last %(n)d months: %(low)s to %(high)s", proposal.months
        )
    reason = text % {"n": proposal.months, "low": money(proposal.low), "high": money(proposal.high)}
    name, amount = scope_name(proposal.scope), money(proposal.amount)
    return {"scope": proposal.scope, "name": name, "amount": amount, "reason": reason}


def _goal(standing: GoalStanding, found: Sequence[Standing]) -> ShownGoal:
    goal = standing.goal
    money = _money_format(goal.currency)
    budget = next((each.budget for each in found if each.budget.id == goal.scope), None)
    saves = goal.kind == GoalKind.SAVE
    values = {"done": money(standing.done), "amount": money(goal.amount), "day": date_format(goal.by, "DATE_FORMAT")}
    progress = _("%(done)s of %(amount)s saved, until %(day)s") if saves else _("%(done)s of %(amount)s, until %(day)s")
    of_budget = _("what %(name)s leaves over") % {"name": scope_name(budget.scope)} if budget else ""
    return {
        "id": goal.id,
        "name": goal.name,
        "scope": of_budget or scope_name(goal.scope),
        "progress": progress % values,
        "outlook": _outlook(standing, money),
        "is_bad": standing.will_do is False,
        "done": _percent(standing.done, goal.amount),
    }


def _outlook(standing: GoalStanding, money: _Money) -> str:
    """Return whether the goal will be reached, and if not, what would reach it."""
    goal = standing.goal
    saves = goal.kind == GoalKind.SAVE
    if standing.will_do is None:
        return _("Too early to tell: FinBrain needs two full months.")
    if standing.is_over or (saves and standing.done >= goal.amount) or (not saves and standing.done > goal.amount):
        return _("Reached.") if standing.will_do else _("Not reached.")
    usual = standing.usual or ZERO
    values = {"usual": money(abs(usual)), "expected": money(standing.expected or ZERO)}
    text = _("At your usual %(usual)s a month, it comes to %(expected)s.") % values
    if saves and usual < 0:
        text = _("You usually spend %(usual)s more a month than comes in.") % values
    if standing.a_month is None:
        return text
    more = {"text": text, "amount": money(standing.a_month)}
    if saves:
        return _("%(text)s With %(amount)s more a month you would reach it.") % more
    return _("%(text)s Spend %(amount)s less a month to stay within the goal.") % more

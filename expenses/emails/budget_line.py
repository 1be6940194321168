"""The line about budgets in the weekly email."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from expenses.budgets.names import scope_name
from expenses.budgets.standings import Standing, standings
from expenses.models.budgets import BudgetPlan
from expenses.models.ledger import Ledger
from expenses.money import format_money
from expenses.people.ledger_settings import change_plan
from expenses.recurring.refreshing import find_series
from finbrain.core.bidi import isolated

_MOST = 3


def budget_line(ledger: Ledger, tokens: Mapping[date, str], today: date) -> str:
    """Return a line about the budgets that will be exceeded, in the current language. "" if there are none.

    Each budget is mentioned once in each of its periods, because this remembers it. In the same week it is mentioned
    again, because an email that couldn't be sent is written again. tokens: of all the ledger's months.
    """
    if not ledger.plan.live:
        return ""
    every = standings(ledger, tokens, find_series(ledger.id), today)
    found = [each for each in every if _is_news(each, today)][:_MOST]
    if not found:
        return ""
    change_plan(ledger, lambda plan: _remembering(plan, found, today))
    return _("Budgets: %(list)s") % {"list": "; ".join(_part(each) for each in found)}


def _is_news(standing: Standing, today: date) -> bool:
    running, budget = standing.running, standing.budget
    if running is None or standing.exceeds is None:
        return False
    same_week = budget.said_on is not None and budget.said_on.isocalendar()[:2] == today.isocalendar()[:2]
    return budget.said_for != running.start or same_week


def _part(standing: Standing) -> str:
    running, more = standing.running, standing.exceeds
    if running is None or more is None:
        return ""
    language, code = get_language(), running.currency
    values = {
        "name": isolated(scope_name(standing.budget.scope)),
        "expected": format_money(running.available + more, code, language),
        "available": format_money(running.available, code, language),
    }
    if running.left < 0:
        return _("%(name)s has exceeded its budget: %(expected)s of %(available)s") % values
    return _("%(name)s will probably exceed its budget: %(expected)s of %(available)s") % values


def _remembering(plan: BudgetPlan, said: list[Standing], today: date) -> BudgetPlan:
    for each in said:
        budget = plan.find(each.budget.id)
        if budget and each.running:
            plan = plan.with_budget(replace(budget, said_for=each.running.start, said_on=today))
    return plan

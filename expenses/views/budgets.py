"""Budgets and goals: the page, and what a person does there."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from expenses.budgets.budget_context import BudgetsContext
from expenses.budgets.budgets_page import budgets_context
from expenses.budgets.names import per_text, scope_name
from expenses.budgets.proposals import first_needed, propose_budgets
from expenses.budgets.standings import load_for
from expenses.forms.budgets import BudgetForm, GoalForm, initial_of_budget, initial_of_goal, twin_message
from expenses.listing.waiting import waiting_count
from expenses.models.budgets import (
    EVERYTHING,
    MOST,
    MOST_GOALS,
    Budget,
    BudgetPlan,
    Goal,
    GoalKind,
    Per,
    Rollover,
    twin_of,
)
from expenses.months import first_of, month_of
from expenses.people.ledgers import save_plan
from expenses.rates.rate_series import rates_version
from expenses.recurring.refreshing import find_series
from expenses.sums.month_tokens import all_tokens
from expenses.views.access import LedgerRequest, View, limited, signed_in
from expenses.views.kept_pages import kept_page
from finbrain.core.bidi import isolated
from finbrain.core.rate_limits import limit

_PAGE = "expenses:budgets"


def _with_budget(inner: View) -> View:
    """Decorator that requires sign-in and passes the ledger's `Budget` instead of the URL's `budget_id`, or a 404."""
    return _found(inner, "budget_id", BudgetPlan.find)


def _with_goal(inner: View) -> View:
    """Decorator that requires sign-in and passes the ledger's `Goal` instead of the URL's `goal_id`, or a 404."""
    return _found(inner, "goal_id", BudgetPlan.find_goal)


def _found(inner: View, name: str, find: Callable[[BudgetPlan, str], Any]) -> View:
    @signed_in
    @wraps(inner)
    def wrapper(request: LedgerRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = find(request.ledger.plan, kwargs.pop(name))
        if found is None:
            raise Http404
        return inner(request, found, *args, **kwargs)

    return wrapper


class _BudgetsPage(BudgetsContext):
    inbox_count: int


@require_safe
@signed_in
def show_budgets(request: LedgerRequest) -> HttpResponse:
    """Show the ledger's budgets and goals, and the budgets that FinBrain proposes."""
    ledger, today = request.ledger, timezone.localdate()
    series, tokens = find_series(ledger.id), all_tokens(ledger.id)

    def context() -> _BudgetsPage:
        limit("dashboard", request.user.pk)
        waiting = waiting_count(ledger.id, ledger.threshold, tokens)
        return {**budgets_context(ledger, tokens, series, today), "inbox_count": waiting}

    made_of = series, sorted(tokens.items()), rates_version(), today
    return kept_page(request, made_of, "budgets/budgets.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("settings")
def new_budget(request: LedgerRequest) -> HttpResponse:
    """Add a budget."""
    initial = {
        "currency": request.ledger.home_currency,
        "starts_on": first_of(month_of(timezone.localdate())),
        "per": Per.MONTH,
        "rollover": Rollover.NONE,
        "scope": request.GET.get("scope", EVERYTHING),
    }
    return _budget_answer(request, None, initial)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_with_budget
@limited("settings")
def edit_budget(request: LedgerRequest, budget: Budget) -> HttpResponse:
    """Change a budget. Earlier periods keep the amounts that they had."""
    return _budget_answer(request, budget, initial_of_budget(budget, request.ledger.categories))


def _budget_answer(request: LedgerRequest, budget: Budget | None, initial: dict[str, Any]) -> HttpResponse:
    ledger, sent = request.ledger, request.method == "POST"
    about = {"budgets": ledger.plan.live, "categories": ledger.categories, "budget": budget}
    form = BudgetForm(request.POST if sent else None, initial=initial, **about)
    if sent and form.is_valid():
        if budget is None and len(ledger.plan.live) >= MOST:
            form.add_error(None, _("You can have at most %(n)d budgets.") % {"n": MOST})
        else:
            saved = form.saved()
            text = _("Saved the budget for %(name)s") % {"name": _name(saved)}
            return _saved(request, ledger.plan.with_budget(saved), text)
    named = {"name": scope_name(budget.scope), "per": per_text(budget)} if budget else {"name": "", "per": ""}
    context = {"form": form, "budget": budget, **named}
    return render(request, "budgets/edit.html", context, status=422 if sent else 200)


@require_POST
@_with_budget
@limited("settings")
def delete_budget(request: LedgerRequest, budget: Budget) -> HttpResponse:
    """Delete a budget, which never changes an expense."""
    text = _("Deleted the budget for %(name)s") % {"name": _name(budget)}
    undo = reverse("expenses:budget_restore", args=[budget.id])
    return _saved(request, request.ledger.plan.without_budget(budget), text, undo)


@require_POST
@signed_in
@limited("settings")
def restore_budget(request: LedgerRequest, budget_id: str) -> HttpResponse:
    """Restore the budget that was deleted last."""
    plan = _or_404(request.ledger.plan.restored(budget_id))
    if any(twin_of(each, plan.live, request.ledger.categories.slug_of) for each in plan.live if each.id == budget_id):
        messages.error(request, twin_message())
        return redirect(_PAGE)
    return _saved(request, plan, _("Budget restored"))


@require_POST
@signed_in
@limited("settings")
def accept_proposals(request: LedgerRequest) -> HttpResponse:
    """Add the proposed budgets of the chosen categories: `scope`, or all if there is none."""
    ledger, today = request.ledger, timezone.localdate()
    spending = load_for(ledger, all_tokens(ledger.id), (), today, first_needed(today))
    proposed = propose_budgets(spending, ledger.categories, ledger.plan.live, ledger.home_currency, today)
    chosen = request.POST.getlist("scope")
    accepted = [each for each in proposed if not chosen or each.scope in chosen]
    plan = ledger.plan
    for each in accepted[: MOST - len(plan.live)]:
        plan = plan.with_budget(each.budget(ledger.home_currency, today))
    added = [each.id for each in plan.live if each not in ledger.plan.live]
    if not added:
        messages.info(request, _("Your expenses have changed, so there is nothing to propose any more."))
        return redirect(_PAGE)
    text = ngettext("Added %(n)d budget", "Added %(n)d budgets", len(added)) % {"n": len(added)}
    undo = f"{reverse('expenses:budgets_accept_undo')}?{urlencode({'id': added}, doseq=True)}"
    return _saved(request, plan, text, undo)


@require_POST
@signed_in
@limited("settings")
def undo_accept(request: LedgerRequest) -> HttpResponse:
    """Delete the budgets that were accepted together: each `id` in the URL."""
    plan = request.ledger.plan.without_budgets(request.GET.getlist("id"))
    deleted = len(request.ledger.plan.live) - len(plan.live)
    if not deleted:
        return redirect(_PAGE)
    text = ngettext("Deleted %(n)d budget", "Deleted %(n)d budgets", deleted) % {"n": deleted}
    return _saved(request, plan, text)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("settings")
def new_goal(request: LedgerRequest) -> HttpResponse:
    """Add a goal."""
    today = timezone.localdate()
    initial = {
        "currency": request.ledger.home_currency,
        "starts_on": first_of(month_of(today)),
        "by": today.replace(month=12, day=31),
        "kind": GoalKind.SAVE,
        "scope": EVERYTHING,
    }
    return _goal_answer(request, None, initial)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_with_goal
@limited("settings")
def edit_goal(request: LedgerRequest, goal: Goal) -> HttpResponse:
    """Change a goal."""
    return _goal_answer(request, goal, initial_of_goal(goal))


def _goal_answer(request: LedgerRequest, goal: Goal | None, initial: dict[str, Any]) -> HttpResponse:
    plan, sent = request.ledger.plan, request.method == "POST"
    budgets = [(each.id, f"{_name(each)}, {per_text(each)}") for each in plan.live]
    form = GoalForm(request.POST if sent else None, initial=initial, budgets=budgets)
    if sent and form.is_valid():
        if goal is None and len(plan.live_goals) >= MOST_GOALS:
            form.add_error(None, _("You can have at most %(n)d goals.") % {"n": MOST_GOALS})
        else:
            saved = form.saved(goal)
            return _saved(request, plan.with_goal(saved), _("Saved %(title)s") % {"title": isolated(saved.name)})
    context = {"form": form, "goal": goal}
    return render(request, "budgets/goal.html", context, status=422 if sent else 200)


@require_POST
@_with_goal
@limited("settings")
def delete_goal(request: LedgerRequest, goal: Goal) -> HttpResponse:
    """Delete a goal."""
    text = _("Deleted %(title)s") % {"title": isolated(goal.name)}
    undo = reverse("expenses:goal_restore", args=[goal.id])
    return _saved(request, request.ledger.plan.without_goal(goal), text, undo)


@require_POST
@signed_in
@limited("settings")
def restore_goal(request: LedgerRequest, goal_id: str) -> HttpResponse:
    """Restore the goal that was deleted last."""
    return _saved(request, _or_404(request.ledger.plan.restored_goal(goal_id)), _("Goal restored"))


def _or_404(plan: BudgetPlan | None) -> BudgetPlan:
    if plan is None:
        raise Http404
    return plan


def _saved(request: LedgerRequest, plan: BudgetPlan, text: str, undo_url: str = "") -> HttpResponse:
    """Store the budgets and goals, say what was done, and offer to undo it."""
    save_plan(request.ledger, plan)
    messages.success(request, text, extra_tags=undo_url)
    return redirect(_PAGE)


def _name(budget: Budget) -> str:
    return isolated(scope_name(budget.scope))

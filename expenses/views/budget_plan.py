"""What the views of budgets and of goals share: both change the ledger's plan."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from expenses.budgets.names import scope_name
from expenses.models.budgets import Budget, BudgetPlan
from expenses.people.ledger_settings import save_plan
from expenses.views.access import LedgerRequest, View, signed_in
from finbrain.core.bidi import isolated

PLAN_PAGE = "expenses:budgets"


def found_in_plan(inner: View, name: str, find: Callable[[BudgetPlan, str], Any]) -> View:
    """Require sign-in, and pass what `find` finds in the ledger's plan instead of the URL's `name`, or answer 404."""

    @signed_in
    @wraps(inner)
    def wrapper(request: LedgerRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = find(request.ledger.plan, kwargs.pop(name))
        if found is None:
            raise Http404
        return inner(request, found, *args, **kwargs)

    return wrapper


def plan_or_404(plan: BudgetPlan | None) -> BudgetPlan:
    """Return the changed plan. 404 if there is nothing to change."""
    if plan is None:
        raise Http404
    return plan


def save_changed_plan(request: LedgerRequest, plan: BudgetPlan, text: str, undo_url: str = "") -> HttpResponse:
    """Store the budgets and goals, say what was done, and offer to undo it."""
    save_plan(request.ledger, plan)
    messages.success(request, text, extra_tags=undo_url)
    return redirect(PLAN_PAGE)


def answer_form(
    request: LedgerRequest,
    form: forms.Form,
    refusal: str,
    save: Callable[[], tuple[BudgetPlan, str]],
    template: str,
    context: Mapping[str, object],
) -> HttpResponse:
    """Save what a valid form says, or show the form.

    refusal: why nothing more can be added, "" if it can. save: returns the changed plan, and a message.
    """
    if form.is_valid():
        if not refusal:
            return save_changed_plan(request, *save())
        form.add_error(None, refusal)
    return render(request, template, {**context, "form": form}, status=422 if form.is_bound else 200)


def budget_name(budget: Budget) -> str:
    """What a budget is for, as part of a sentence."""
    return isolated(scope_name(budget.scope))

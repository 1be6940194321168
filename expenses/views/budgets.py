"""Budgets and goals: the page, and what a person does there."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from expenses.budgets.budget_types import BudgetsContext
from expenses.budgets.budgets_page import budgets_context
from expenses.budgets.names import per_text, scope_name
from expenses.budgets.proposals import first_needed, propose_budgets
from expenses.budgets.standings import load_for
from expenses.forms.budgets import BudgetForm, initial_of_budget, twin_message
from expenses.listing.waiting import waiting_count
from expenses.models.budgets import (
    EVERYTHING,
    MOST,
    Budget,
    BudgetPlan,
    Per,
    Rollover,
    twin_of,
)
from expenses.months import first_of, month_of
from expenses.rates.rate_series import rates_version
from expenses.recurring.refreshing import find_series
from expenses.sums.month_tokens import all_tokens
from expenses.views.access import LedgerRequest, View, limited, signed_in
from expenses.views.budget_plan import (
    PLAN_PAGE,
    answer_form,
    budget_name,
    found_in_plan,
    plan_or_404,
    save_changed_plan,
)
from expenses.views.kept_pages import kept_page, state_of
from finbrain.core.rate_limits import limit


def _with_budget(inner: View) -> View:
    """Decorator that requires sign-in and passes the ledger's `Budget` instead of the URL's `budget_id`, or a 404."""
    return found_in_plan(inner, "budget_id", BudgetPlan.find)


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
    return kept_page(request, state_of(request, made_of), "budgets/budgets.html", context)


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


def _budget_answer(request: LedgerRequest, budget: Budget | None, initial: Mapping[str, object]) -> HttpResponse:
    plan, categories = request.ledger.plan, request.ledger.categories
    sent = request.POST if request.method == "POST" else None
    form = BudgetForm(sent, initial=initial, budgets=plan.live, categories=categories, budget=budget)
    is_full = budget is None and len(plan.live) >= MOST
    refusal = _("You can have at most %(n)d budgets. Delete one first.") % {"n": MOST} if is_full else ""

    def save() -> tuple[BudgetPlan, str]:
        saved = form.saved()
        return plan.with_budget(saved), _("Saved the budget for %(name)s") % {"name": budget_name(saved)}

    named = {"name": scope_name(budget.scope), "per": per_text(budget)} if budget else {"name": "", "per": ""}
    return answer_form(request, form, refusal, save, "budgets/edit.html", {"budget": budget, **named})


@require_POST
@_with_budget
@limited("settings")
def delete_budget(request: LedgerRequest, budget: Budget) -> HttpResponse:
    """Delete a budget, which never changes an expense."""
    text = _("Deleted the budget for %(name)s") % {"name": budget_name(budget)}
    undo = reverse("expenses:budget_restore", args=[budget.id])
    return save_changed_plan(request, request.ledger.plan.without_budget(budget), text, undo)


@require_POST
@signed_in
@limited("settings")
def restore_budget(request: LedgerRequest, budget_id: str) -> HttpResponse:
    """Restore the budget that was deleted last."""
    plan = plan_or_404(request.ledger.plan.restored(budget_id))
    if any(twin_of(each, plan.live, request.ledger.categories.slug_of) for each in plan.live if each.id == budget_id):
        messages.error(request, twin_message())
        return redirect(PLAN_PAGE)
    return save_changed_plan(request, plan, _("Budget restored"))


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
        return redirect(PLAN_PAGE)
    text = ngettext("Added %(n)d budget", "Added %(n)d budgets", len(added)) % {"n": len(added)}
    undo = f"{reverse('expenses:budgets_accept_undo')}?{urlencode({'id': added}, doseq=True)}"
    return save_changed_plan(request, plan, text, undo)


@require_POST
@signed_in
@limited("settings")
def undo_accept(request: LedgerRequest) -> HttpResponse:
    """Delete the budgets that were accepted together: each `id` in the URL."""
    plan = request.ledger.plan.without_budgets(request.GET.getlist("id"))
    deleted = len(request.ledger.plan.live) - len(plan.live)
    if not deleted:
        return redirect(PLAN_PAGE)
    text = ngettext("Deleted %(n)d budget", "Deleted %(n)d budgets", deleted) % {"n": deleted}
    return save_changed_plan(request, plan, text)

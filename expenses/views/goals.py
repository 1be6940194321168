"""What a person does with goals. `budgets.show_budgets` shows them."""

from collections.abc import Mapping

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from expenses.budgets.names import per_text
from expenses.forms.budgets import GoalForm, initial_of_goal
from expenses.models.budgets import EVERYTHING, MOST_GOALS, BudgetPlan, Goal, GoalKind
from expenses.months import first_of, month_of
from expenses.views.access import LedgerRequest, View, limited, signed_in
from expenses.views.budget_plan import answer_form, budget_name, found_in_plan, plan_or_404, save_changed_plan
from finbrain.core.bidi import isolated


def _with_goal(inner: View) -> View:
    """Decorator that requires sign-in and passes the ledger's `Goal` instead of the URL's `goal_id`, or a 404."""
    return found_in_plan(inner, "goal_id", BudgetPlan.find_goal)


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


def _goal_answer(request: LedgerRequest, goal: Goal | None, initial: Mapping[str, object]) -> HttpResponse:
    plan = request.ledger.plan
    sent = request.POST if request.method == "POST" else None
    budgets = [(each.id, f"{budget_name(each)}, {per_text(each)}") for each in plan.live]
    form = GoalForm(sent, initial=initial, budgets=budgets)
    is_full = goal is None and len(plan.live_goals) >= MOST_GOALS
    refusal = _("You can have at most %(n)d goals. Delete one first.") % {"n": MOST_GOALS} if is_full else ""

    def save() -> tuple[BudgetPlan, str]:
        saved = form.saved(goal)
        return plan.with_goal(saved), _("Saved %(title)s") % {"title": isolated(saved.name)}

    return answer_form(request, form, refusal, save, "budgets/goal.html", {"goal": goal})


@require_POST
@_with_goal
@limited("settings")
def delete_goal(request: LedgerRequest, goal: Goal) -> HttpResponse:
    """Delete a goal."""
    text = _("Deleted %(title)s") % {"title": isolated(goal.name)}
    undo = reverse("expenses:goal_restore", args=[goal.id])
    return save_changed_plan(request, request.ledger.plan.without_goal(goal), text, undo)


@require_POST
@signed_in
@limited("settings")
def restore_goal(request: LedgerRequest, goal_id: str) -> HttpResponse:
    """Restore the goal that was deleted last."""
    return save_changed_plan(request, plan_or_404(request.ledger.plan.restored_goal(goal_id)), _("Goal restored"))

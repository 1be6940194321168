"""Edit expenses. Every write to more than one document is one transaction."""

from copy import copy

from bson import ObjectId

from classifier import feedback
from classifier.categories import Kind, kind_of
from classifier.suggest import Suggestion
from classifier.suggest_kinds import suggest_kinds_and_categories
from expenses.ledger.entries import NewExpense, decided_kind_of, lesson_of, sure_kind, take_over
from expenses.ledger.filing_decisions import (
    KindDecision,
    file_by_person,
    file_by_rule,
    file_by_suggestion,
    is_by_rule,
    kind_decision_of,
    turn_amount,
)
from expenses.ledger.pairs import separate
from expenses.ledger.reporting import send_feedback
from expenses.ledger.teaching import direction_of, teach, unteach
from expenses.ledger.touch import touch_months
from expenses.models import CategorySource, Expense
from expenses.models.ledger import Ledger
from expenses.recurring.attaching import attach, release_entries
from expenses.rules.matching import facts_of_entry, first_rule
from finbrain.core.transactions import run_in_transaction

# What rules and suggestions depend on.
_DECISIVE = ("title", "amount", "currency", "account")


def edit_expense(ledger: Ledger, expense_id: ObjectId, new: NewExpense) -> Expense:
    """Replace all fields of an expense and return it.

    Unless the person has chosen a category, FinBrain files the expense again if rules or suggestions depend on what was
    edited. It also does so if the person chose another kind without a category. Raises Expense.DoesNotExist if the
    ledger doesn't have the expense, or if it is now in the trash.
    """
    [(kind, suggestion)] = suggest_kinds_and_categories(ledger.id, [(new.title, direction_of(new.amount))])

    def write() -> tuple[Expense, Expense]:
        before = Expense.objects.of(ledger).in_trash(False).get(pk=expense_id)
        _loosen(ledger, before, new)
        expense = copy(before)
        take_over(expense, new)
        if new.chosen and new.chosen != ledger.categories.slug_of(before.category):
            file_by_person(expense, new.chosen)
        elif (new.kind or before.kind) != before.kind:
            file_by_suggestion(expense, suggestion, decided_kind_of(new))
        elif not before.reviewed:
            _file_again(ledger, before, expense, suggestion, sure_kind(kind, ledger.threshold))
        if new.shown_title is not None and new.shown_title != before.shown_title:
            expense.shown_title = new.shown_title
        elif new.title != before.title:
            expense.shown_title = ""
        expense.save(force_update=True)
        _follow_edit(ledger, before, expense)
        return before, expense

    before, expense = run_in_transaction(write)
    if before.category_source == CategorySource.PERSON:
        feedback.revise(ledger.id, [(expense.title, ledger.categories.base_of(expense.category))])
    elif expense.category_source == CategorySource.PERSON and before.category_source != CategorySource.RULE:
        send_feedback(ledger, expense.title, expense.category, before.category, before.confidence, before.model_version)
    return expense


def _loosen(ledger: Ledger, expense: Expense, new: NewExpense) -> None:
    """Separate an expense from its other half, if the person changes what they share or says that it wasn't moved."""
    kind = kind_of(new.chosen) if new.chosen else new.kind or expense.kind
    is_other = any(getattr(expense, name) != getattr(new, name) for name in ("amount", "currency", "spent_on"))
    if expense.pair and (is_other or kind != Kind.MOVED):
        separate(ledger.id, [expense.pair], rejected=not is_other)
        expense.refresh_from_db()


def _follow_edit(ledger: Ledger, before: Expense, expense: Expense) -> None:
    """Bring months, series and memory to what an edited expense is now. Call it inside the transaction."""
    touch_months(ledger.id, [before.spent_on, expense.spent_on])
    if before.movement != expense.movement:
        release_entries(ledger.id, [expense.pk])
        attach(ledger.id, [expense])
    if before.reviewed:
        unteach(ledger.id, [lesson_of(before)])
    if expense.reviewed:
        teach(ledger.id, [lesson_of(expense)])


def _file_again(
    ledger: Ledger, before: Expense, expense: Expense, suggestion: Suggestion | None, kind: KindDecision | None
) -> None:
    """File an edited expense that nobody has reviewed. Keeps the kind that was decided, unless a rule decided it."""
    if all(getattr(before, name) == getattr(expense, name) for name in _DECISIVE):
        return
    one_off, was_by_rule = expense.one_off, is_by_rule(vars(before))
    if rule := first_rule(ledger.rules, facts_of_entry(expense)):
        file_by_rule(expense, rule, suggestion, kind_decision_of(before))
        expense.one_off = one_off
        if expense.pair and expense.kind != Kind.MOVED:
            separate(ledger.id, [expense.pair], rejected=True)
            expense.pair = None
        return
    if was_by_rule or expense.title != before.title:
        file_by_suggestion(expense, suggestion, kind if was_by_rule else kind_decision_of(before))
    turn_amount(expense, before.kind)
    expense.rule = expense.shown_title = ""

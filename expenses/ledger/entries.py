"""Add expenses. Every write to more than one document is one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from bson import ObjectId
from pymongo.errors import DuplicateKeyError

from classifier.categories import FALLBACKS, Kind
from classifier.suggest import Suggestion
from classifier.suggest_kinds import KindSuggestion, suggest_kinds_and_categories
from expenses import rates
from expenses.ledger.bulk import document_of, store_documents
from expenses.ledger.filing_decisions import (
    KindDecision,
    decision_of,
    file_by_person,
    file_by_rule,
    file_by_suggestion,
    is_by_rule,
)
from expenses.ledger.reporting import send_feedback
from expenses.ledger.suggestion_metrics import count_suggestion
from expenses.ledger.teaching import Lesson, direction_of, teach
from expenses.ledger.touch import Touched, touch_month
from expenses.models import Expense, KindSource, new_entry_key
from expenses.models.documents import ExpenseDocument
from expenses.models.ledger import Ledger
from expenses.models.rules import Rule
from expenses.recurring.attaching import attach
from expenses.rules.matching import EntryFacts, first_rule
from finbrain.core.past_the_orm import collection, current_session
from finbrain.core.transactions import run_in_transaction

_EDITABLE = ("title", "amount", "currency", "spent_on", "note", "own_rate", "own_rate_currency", "one_off", "account")


@dataclass(frozen=True)
class NewExpense:
    """An entry as a person entered it.

    amount: positive if it left the account, negative if it came in. category: "" if FinBrain should file it. kind: ""
    if the category decides, or FinBrain. entry_key: "" if it can't be a duplicate of an earlier entry.
    shown_title: the name to show instead of the title, None to leave it to FinBrain.
    """

    title: str
    amount: Decimal
    currency: str
    spent_on: date
    category: str = ""
    kind: str = ""
    note: str = ""
    entry_key: str = ""
    own_rate: Decimal | None = None
    own_rate_currency: str = ""
    one_off: bool = False
    account: str = ""
    shown_title: str | None = None

    @property
    def chosen(self) -> str:
        """The category that the person chose, also by choosing the kind alone. "" if FinBrain files the entry."""
        if self.category or self.kind in ("", Kind.SPENT):
            return self.category
        return FALLBACKS[Kind(self.kind)]


@dataclass(frozen=True)
class Added:
    """The stored expense.

    created: False if an expense with the same entry key already existed. is_single: whether it fits no known series, so
    that `recurring.refreshing.look_around` may find a new one. document, touched: the expense as it is stored, and the
    tokens of its month, if it was created.
    """

    expense: Expense
    created: bool
    is_single: bool = False
    document: ExpenseDocument | None = None
    touched: Touched | None = None


def add_expense(ledger: Ledger, new: NewExpense) -> Added:
    """File and store an expense. Sending the same form twice returns the first expense.

    Different expenses with the same entry key are stored separately. They come from two tabs with the same page.
    """
    [(kind, suggestion)] = suggest_kinds_and_categories(ledger.id, [(new.title, direction_of(new.amount))])
    expense = build_expense(ledger.id, new, suggestion, sure_kind(kind, ledger.threshold), _rule_for(ledger, new))

    expense.pk = ObjectId()
    document = document_of(expense)

    def write() -> tuple[Touched, set[ObjectId]]:
        collection(Expense, ExpenseDocument).insert_one(document, session=current_session())
        touched = touch_month(ledger.id, expense.spent_on)
        if expense.reviewed:
            teach(ledger.id, [lesson_of(expense)])
        return touched, attach(ledger.id, [expense])

    try:
        touched, free = run_in_transaction(write)
    except DuplicateKeyError:
        first = Expense.objects.of(ledger).get(entry_key=expense.entry_key)
        if _is_same_entry(first, expense):
            return Added(first, created=False)
        return add_expense(ledger, replace(new, entry_key=""))
    if not new.chosen and not is_by_rule(vars(expense)):
        count_suggestion(suggestion)
    if new.chosen and suggestion:
        filed = suggestion.category, suggestion.confidence, suggestion.model_version
        send_feedback(ledger, expense.title, new.chosen, *filed)
    return Added(expense, created=True, is_single=bool(free), document=document, touched=touched)


def store_together(expenses: Sequence[Expense]) -> None:
    """Store many new expenses of one ledger, built by `build_expense`. Call it inside a transaction."""
    for expense in expenses:
        expense.pk = expense.pk or ObjectId()
    if expenses:
        store_documents(expenses[0].ledger_id, [*map(document_of, expenses)])


def lesson_of(expense: Expense) -> Lesson:
    return Lesson(expense.title, expense.category, expense.amount)


def _rule_for(ledger: Ledger, new: NewExpense) -> Rule | None:
    """Return the rule for a new entry. None if the person has filed it by hand."""
    if new.chosen or new.kind:
        return None
    return first_rule(ledger.rules, EntryFacts(new.title, new.amount, new.currency, new.account))


def _is_same_entry(stored: Expense, new: Expense) -> bool:
    return all(getattr(stored, name) == getattr(new, name) for name in ("title", "amount", "currency", "spent_on"))


def build_expense(
    ledger_id: ObjectId,
    new: NewExpense,
    suggestion: Suggestion | None,
    kind: KindDecision | None = None,
    rule: Rule | None = None,
) -> Expense:
    """Build an expense filed by the person, or else by the rule, or else by suggestion. Doesn't save it."""
    expense = Expense(ledger_id=ledger_id, entry_key=new.entry_key or new_entry_key())
    take_over(expense, new)
    if new.chosen:
        file_by_person(expense, new.chosen)
    elif rule:
        file_by_rule(expense, rule, suggestion, kind)
    else:
        file_by_suggestion(expense, suggestion, decided_kind_of(new) or kind)
    return expense


def sure_kind(found: KindSuggestion | None, threshold: float) -> KindDecision | None:
    """Return the kind to suggest for a typed entry: None for spent, because people mostly type what they spent.

    So FinBrain never asks about the kind of a typed entry. It files the entry as moved or received only if it is sure.
    """
    is_sure = found is not None and found.kind != Kind.SPENT and found.confidence >= threshold
    return decision_of(found) if is_sure else None


def decided_kind_of(new: NewExpense) -> KindDecision | None:
    """Return the kind that the person chose without a category, None if there is none."""
    return KindDecision(Kind(new.kind), KindSource.PERSON) if new.kind else None


def take_over(expense: Expense, new: NewExpense) -> None:
    """Give an expense the fields that the person entered. Doesn't save it."""
    for name in _EDITABLE:
        setattr(expense, name, getattr(new, name))
    expense.order_value = rates.order_value(new.amount, new.currency, new.spent_on)

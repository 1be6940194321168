"""What changes expenses: every write that touches more than one document is one transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bson import ObjectId
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import User
from classifier import feedback, memory
from classifier.suggest import Suggestion, suggest
from expenses import rates
from expenses.models import CategorySource, Expense, new_entry_key
from expenses.months import touch_months
from expenses.transactions import run_in_transaction

FALLBACK_CATEGORY = "other"


@dataclass(frozen=True)
class NewExpense:
    """What a person entered. category empty: FinBrain decides. entry_key empty: surely a new expense."""

    title: str
    amount: Decimal
    currency: str
    spent_on: date
    category: str = ""
    note: str = ""
    entry_key: str = ""
    own_rate: Decimal | None = None
    own_rate_currency: str = ""


@dataclass(frozen=True)
class Added:
    """The stored expense, and whether it is new or was there already under the same entry key."""

    expense: Expense
    created: bool


def add_expense(owner: User, new: NewExpense) -> Added:
    """File and store an expense. The same entry key twice gives the first expense back."""
    suggestion = suggest(new.title, owner.pk)
    expense = build_expense(owner.pk, new, suggestion)

    def write() -> None:
        expense.save(force_insert=True)
        touch_months(owner.pk, [expense.spent_on])
        if expense.reviewed:
            memory.learn(owner.pk, expense.title, expense.category)

    try:
        run_in_transaction(write)
    except IntegrityError:
        return Added(Expense.objects.get(owner_id=owner.pk, entry_key=expense.entry_key), created=False)
    if new.category and suggestion:
        send_feedback(owner, expense, suggestion.category, suggestion.confidence, suggestion.model_version)
    return Added(expense, created=True)


def build_expense(owner_id: ObjectId, new: NewExpense, suggestion: Suggestion | None) -> Expense:
    """The expense to store, with the person's category, or else the suggested one."""
    expense = Expense(
        owner_id=owner_id,
        title=new.title,
        amount=new.amount,
        currency=new.currency,
        spent_on=new.spent_on,
        note=new.note,
        entry_key=new.entry_key or new_entry_key(),
        own_rate=new.own_rate,
        own_rate_currency=new.own_rate_currency,
        order_value=rates.order_value(new.amount, new.currency, new.spent_on),
    )
    if new.category:
        set_by_person(expense, new.category)
    else:
        set_by_suggestion(expense, suggestion)
    return expense


def set_by_person(expense: Expense, category: str) -> None:
    expense.category = category
    expense.category_source = CategorySource.PERSON
    expense.confidence = expense.model_version = None
    expense.reviewed = True


def set_by_suggestion(expense: Expense, suggestion: Suggestion | None) -> None:
    """Without a model there is no suggestion: the expense waits for review under Other."""
    expense.category = suggestion.category if suggestion else FALLBACK_CATEGORY
    expense.category_source = suggestion.source if suggestion else CategorySource.MODEL
    expense.confidence = suggestion.confidence if suggestion else 0.0
    expense.model_version = suggestion.model_version if suggestion else None
    expense.reviewed = False


def set_category(owner: User, expense: Expense, category: str) -> None:
    """The person chose (or confirmed) the category: store it, remember it, and report it if FinBrain had it wrong."""
    before = Expense(category=expense.category, category_source=expense.category_source, reviewed=expense.reviewed)
    before.confidence, before.model_version = expense.confidence, expense.model_version
    set_by_person(expense, category)

    def write() -> None:
        expense.save(update_fields=CATEGORY_FIELDS)
        touch_months(owner.pk, [expense.spent_on])
        if before.reviewed:
            memory.unlearn(owner.pk, expense.title, before.category)
        memory.learn(owner.pk, expense.title, category)

    run_in_transaction(write)
    if before.category_source != CategorySource.PERSON:
        send_feedback(owner, expense, before.category, before.confidence or 0.0, before.model_version)


CATEGORY_FIELDS = ("category", "category_source", "confidence", "model_version", "reviewed", "updated_at")


def send_feedback(owner: User, expense: Expense, suggested: str, confidence: float, model_version: int | None) -> None:
    """A correction becomes one pending row for the reviewer; agreeing and demo accounts make none."""
    if expense.category == suggested or owner.is_demo:
        return
    feedback.record_correction(
        owner_id=owner.pk,
        text=expense.title,
        suggested=suggested,
        confidence=confidence,
        chosen=expense.category,
        model_version=model_version,
        share=owner.share_feedback,
    )


def edit_expense(owner: User, expense: Expense, new: NewExpense) -> None:
    """Store every field anew. A new title without a category chosen by the person is filed again by FinBrain."""
    before = Expense.objects.get(pk=expense.pk, owner_id=owner.pk)
    for name in ("title", "amount", "currency", "spent_on", "note", "own_rate", "own_rate_currency"):
        setattr(expense, name, getattr(new, name))
    expense.order_value = rates.order_value(new.amount, new.currency, new.spent_on)
    corrected = bool(new.category) and (new.category != before.category)
    if corrected:
        set_by_person(expense, new.category)
    elif new.title != before.title and not before.reviewed:
        set_by_suggestion(expense, suggest(new.title, owner.pk))

    def write() -> None:
        expense.save(force_update=True)
        touch_months(owner.pk, [before.spent_on, expense.spent_on])
        if before.reviewed:
            memory.unlearn(owner.pk, before.title, before.category)
        if expense.reviewed:
            memory.learn(owner.pk, expense.title, expense.category)

    run_in_transaction(write)
    if corrected and before.category_source != CategorySource.PERSON:
        send_feedback(owner, expense, before.category, before.confidence or 0.0, before.model_version)


def delete_expenses(owner: User, expenses: Iterable[Expense]) -> int:
    """Move expenses to the trash; returns how many. Their categories are no longer learned from."""
    return change_trash(owner, [expense for expense in expenses if expense.deleted_at is None], deleted=True)


def restore_expenses(owner: User, expenses: Iterable[Expense]) -> int:
    """Take expenses out of the trash; returns how many."""
    return change_trash(owner, [expense for expense in expenses if expense.deleted_at is not None], deleted=False)


def change_trash(owner: User, expenses: list[Expense], *, deleted: bool) -> int:
    if not expenses:
        return 0
    when = timezone.now() if deleted else None

    def write() -> int:
        rows = Expense.objects.filter(owner_id=owner.pk, pk__in=[expense.pk for expense in expenses])
        changed = rows.filter(deleted_at__isnull=deleted).update(deleted_at=when)
        touch_months(owner.pk, [expense.spent_on for expense in expenses])
        adjust = memory.unlearn if deleted else memory.learn
        for expense in expenses:
            if expense.reviewed:
                adjust(owner.pk, expense.title, expense.category)
        return changed

    changed = run_in_transaction(write)
    for expense in expenses:
        expense.deleted_at = when
    return changed

"""File expenses under categories: by suggestion, by a person, and undoing a person's change."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bson import ObjectId
from django.utils import timezone
from pymongo import UpdateOne

from classifier import feedback, memory
from classifier.suggest import Suggestion
from expenses.ledger.suggestion_counts import CORRECTIONS
from expenses.ledger.touch import touch_months
from expenses.models import CategoryChange, CategorySource, Expense, new_change_batch
from expenses.models.ledger import Ledger
from expenses.models.matches import entries_of
from finbrain.core import stored
from finbrain.core.past_the_orm import LEDGER, collection, current_session
from finbrain.core.transactions import run_in_transaction

_FALLBACK_CATEGORY = "other"
_ALTERNATIVES = 2
_UNDO_DAYS = 7
# Expenses per transaction, few enough to keep transactions short on a busy machine.
_CHUNK = 250
CATEGORY_STATE = ("category", "category_source", "confidence", "model_version", "reviewed", "alternatives")
StoredState = dict[str, Any]
_COLUMNS = ("title", "spent_on", *CATEGORY_STATE)
_read = stored.reader(Expense, _COLUMNS)


@dataclass(frozen=True)
class Changed:
    """The number of expenses that a change affected, and the batch that undoes it."""

    count: int
    batch: str


def file_by_person(expense: Expense, category: str) -> None:
    """Set the category that a person chose. Doesn't save the expense."""
    for name, value in _by_person(category).items():
        setattr(expense, name, value)


def _by_person(category: str) -> StoredState:
    """Return the values of CATEGORY_STATE for a category that a person chose."""
    return {
        "category": category,
        "category_source": CategorySource.PERSON.value,
        "confidence": None,
        "model_version": None,
        "reviewed": True,
        "alternatives": "",
    }


def file_by_suggestion(expense: Expense, suggestion: Suggestion | None) -> None:
    """Set the suggested category. Without a suggestion the expense is unsure, under Other. Doesn't save the expense."""
    expense.category = suggestion.category if suggestion else _FALLBACK_CATEGORY
    expense.category_source = suggestion.source if suggestion else CategorySource.MODEL
    expense.confidence = suggestion.confidence if suggestion else 0.0
    expense.model_version = suggestion.model_version if suggestion else None
    expense.alternatives = ",".join(next_candidates(suggestion)) if suggestion else ""
    expense.reviewed = False


def next_candidates(suggestion: Suggestion) -> list[str]:
    """Return the slugs of the most likely categories after the suggested one."""
    return [slug for slug, _ in suggestion.candidates if slug != suggestion.category][:_ALTERNATIVES]


def set_categories(ledger: Ledger, ids: Iterable[ObjectId], category: str) -> Changed:
    """Set the category that a person chose or confirmed, remember it, and report corrections of FinBrain's suggestions.

    Skips expenses of other ledgers, expenses in the trash, and those already confirmed with this category.
    """
    batch = new_change_batch()
    count = 0
    for chunk in in_chunks(list(ids)):
        before = run_in_transaction(partial(_write_categories, ledger.id, chunk, category, batch))
        count += len(before)
        own = [row for row in before if row["category_source"] == CategorySource.PERSON]
        feedback.revise(ledger.id, [(row["title"], category) for row in own])
        for row in before:
            if row["category_source"] != CategorySource.PERSON:
                filed = row["category"], row["confidence"], row["model_version"]
                send_feedback(ledger, row["title"], category, *filed)
    return Changed(count, batch)


def in_chunks(ids: Sequence[ObjectId]) -> Iterator[Sequence[ObjectId]]:
    """Split ids into parts small enough for one transaction each."""
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))


def _write_categories(ledger_id: ObjectId, ids: Sequence[ObjectId], category: str, batch: str) -> list[StoredState]:
    """Set the category of expenses not yet confirmed with it, inside a transaction. Return their earlier rows."""
    expenses = collection(Expense)
    match = entries_of(ledger_id, _id={"$in": list(ids)})
    found = expenses.find(match, dict.fromkeys(_COLUMNS, 1), session=current_session())
    before = [row for row in map(_read, found) if not (row["reviewed"] and row["category"] == category)]
    if not before:
        return []
    changed = {"_id": {"$in": [row["_id"] for row in before]}, LEDGER: ledger_id}
    values = _by_person(category) | {"updated_at": timezone.now()}
    expenses.update_many(changed, {"$set": values}, session=current_session())
    states = [[str(row["_id"]), *(row.get(name) for name in CATEGORY_STATE)] for row in before]
    CategoryChange.objects.create(ledger_id=ledger_id, batch=batch, category=category, before=states)
    touch_months(ledger_id, [row["spent_on"].date() for row in before])
    memory.unlearn_many(ledger_id, [(row["title"], row["category"]) for row in before if row["reviewed"]])
    memory.learn_many(ledger_id, [(row["title"], category) for row in before])
    return before


def undo_categories(ledger: Ledger, batch: str) -> int:
    """Undo a change of categories and return for how many expenses. Skips expenses that were filed again since then."""
    parts = CategoryChange.objects.filter(ledger_id=ledger.id, batch=batch).values_list("pk", flat=True)
    count = 0
    for part in list(parts):
        filed = run_in_transaction(partial(_write_back, ledger.id, part))
        feedback.revise(ledger.id, filed)
        count += len(filed)
    return count


def _write_back(ledger_id: ObjectId, change_id: ObjectId) -> list[tuple[str, str]]:
    """Restore the states that a stored change replaced, and delete the change. Call it inside a transaction.

    Returns the title and category of each restored expense.
    """
    change = CategoryChange.objects.filter(ledger_id=ledger_id, pk=change_id).first()
    if change is None:
        return []
    states = {ObjectId(row[0]): dict(zip(CATEGORY_STATE, row[1:], strict=True)) for row in change.before}
    match = entries_of(ledger_id, _id={"$in": list(states)})
    expenses = collection(Expense)
    columns = dict.fromkeys(_COLUMNS, 1)
    rows = list(map(_read, expenses.find(match | _by_person(change.category), columns, session=current_session())))
    if rows:
        now = {"updated_at": timezone.now()}
        updates = [
            UpdateOne({"_id": row["_id"], LEDGER: ledger_id}, {"$set": states[row["_id"]] | now}) for row in rows
        ]
        expenses.bulk_write(updates, ordered=False, session=current_session())
        touch_months(ledger_id, [row["spent_on"].date() for row in rows])
        memory.unlearn_many(ledger_id, [(row["title"], change.category) for row in rows])
        confirmed = [(row["title"], states[row["_id"]]) for row in rows if states[row["_id"]]["reviewed"]]
        memory.learn_many(ledger_id, [(title, state["category"]) for title, state in confirmed])
    change.delete()
    return [(row["title"], states[row["_id"]]["category"]) for row in rows]


def send_feedback(
    ledger: Ledger, title: str, chosen: str, suggested: str, confidence: float | None, model_version: int | None
) -> None:
    """Report a correction to the reviewer. Does nothing if the suggestion was right or the ledger is a demo."""
    if chosen == suggested or ledger.is_demo:
        return
    CORRECTIONS.inc()
    feedback.record_correction(
        ledger_id=ledger.id,
        text=title,
        suggested=suggested,
        confidence=confidence or 0.0,
        chosen=chosen,
        model_version=model_version,
        share=ledger.shares_corrections,
    )


def forget_changes(now: datetime) -> int:
    """Delete changes older than _UNDO_DAYS, of all ledgers, and return how many. They can't be undone any longer."""
    oldest = ObjectId.from_datetime(now - timedelta(days=_UNDO_DAYS))
    return collection(CategoryChange).delete_many({"_id": {"$lt": oldest}}).deleted_count

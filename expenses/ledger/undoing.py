"""Undo one stored change of categories: expenses, memory and feedback become what they were before it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from bson import ObjectId
from django.utils import timezone
from pymongo import UpdateOne

from classifier import feedback, memory_undo
from classifier.documents import PendingCorrection
from classifier.text import normalise
from expenses.ledger.filing_decisions import STATE, category_by_person
from expenses.ledger.pairs import reunite
from expenses.ledger.rows_of_changes import rows_that, turn_amounts, was_paired
from expenses.ledger.teaching import lesson_of_row, teach, unteach
from expenses.ledger.touch import touch_months
from expenses.models import CategoryChange, CategorySource, Expense, KindSource
from expenses.models.documents import CategoryChangeDocument, ExpenseDocument, Learned, StoredState
from expenses.models.entry_filters import entries_of
from expenses.models.ledger import Ledger
from finbrain.core import stored
from finbrain.core.past_the_orm import LEDGER, collection, current_session

_read = stored.reader(CategoryChange, ("category", "before", "learned", "created_at"))


@dataclass(frozen=True)
class Undone:
    """The outcome of undoing one change.

    ids: the restored expenses. filed: their titles and restored categories, except those of rules. category: the one
    that was undone. revisions: those of the memory that undoing made. corrections: the feedback from before the change,
    None if unknown.
    """

    ids: frozenset[ObjectId] = frozenset()
    filed: tuple[tuple[str, str], ...] = ()
    category: str = ""
    revisions: tuple[int, ...] = ()
    corrections: Sequence[PendingCorrection] | None = None

    def correct_feedback(self, ledger: Ledger) -> None:
        """Put back the feedback about these expenses, after the transaction."""
        if not self.filed or not self.category:
            return
        base_of = ledger.categories.base_of
        if self.corrections is None:
            feedback.revise(ledger.id, [(title, base_of(category)) for title, category in self.filed])
        else:
            titles = [title for title, _ in self.filed]
            feedback.put_corrections_back(ledger.id, titles, base_of(self.category), self.corrections)


def undo_change(
    ledger_id: ObjectId, change_id: ObjectId, own_ids: Collection[ObjectId] = (), own_revisions: Collection[int] = ()
) -> Undone:
    """Restore the states that a stored change replaced, and delete the change. Call it inside a transaction.

    own_ids, own_revisions: the expenses that undoing later parts of the same change restored, and the revisions of the
    memory that it made.
    """
    match = {"_id": change_id, LEDGER: ledger_id}
    found = collection(CategoryChange, CategoryChangeDocument).find_one_and_delete(match, session=current_session())
    if found is None:
        return Undone()
    change = _read(found)
    before = ((row[0], dict(zip(STATE, row[1:], strict=False))) for row in change["before"])
    states = {ObjectId(key): cast(StoredState, state) for key, state in before}
    rows = rows_that(entries_of(ledger_id, _id={"$in": list(states)}) | {**_unchanged_since(change, own_ids)})
    _restore_states(ledger_id, rows, states, _turned(change))
    _reunite(ledger_id, change, rows, states)
    revisions = _restore_memory(ledger_id, change, rows, states, own_revisions)
    restored, by_rule = [(row, states[row["_id"]]) for row in rows], CategorySource.RULE
    return Undone(
        frozenset(row["_id"] for row in rows),
        tuple((row["title"], state["category"]) for row, state in restored if state["category_source"] != by_rule),
        change["category"],
        tuple(filter(None, revisions)),
        _learned(change).get("feedback"),
    )


def _learned(change: CategoryChangeDocument) -> Learned:
    """Return what memory and feedback were before. Empty if the change is of an earlier release."""
    return change["learned"] if isinstance(change["learned"], dict) else {}


def _turned(change: CategoryChangeDocument) -> set[ObjectId]:
    """Return the expenses whose amounts changed their signs."""
    return {ObjectId(row[0]) for row in change["before"] if row[-1] is True}


def _unchanged_since(change: CategoryChangeDocument, own_ids: Collection[ObjectId]) -> Mapping[str, Any]:
    """Match the expenses that are still filed as the change left them."""
    if change["category"]:
        return category_by_person(change["category"])
    return {"reviewed": False, "$or": [{"updated_at": change["created_at"]}, {"_id": {"$in": list(own_ids)}}]}


def _restore_states(
    ledger_id: ObjectId, rows: list[ExpenseDocument], states: Mapping[ObjectId, StoredState], turned: set[ObjectId]
) -> None:
    if not rows:
        return
    now = timezone.now()
    updates = [
        UpdateOne({"_id": row["_id"], LEDGER: ledger_id}, {"$set": {**states[row["_id"]], "updated_at": now}})
        for row in rows
    ]
    collection(Expense).bulk_write(updates, ordered=False, session=current_session())
    turn_amounts(ledger_id, turned.intersection(row["_id"] for row in rows))
    touch_months(ledger_id, [row["spent_on"].date() for row in rows])


def _reunite(
    ledger_id: ObjectId,
    change: CategoryChangeDocument,
    rows: list[ExpenseDocument],
    states: Mapping[ObjectId, StoredState],
) -> None:
    """Pair again what the change separated. Changes of earlier releases tell it only of halves that FinBrain filed."""
    separated = {ObjectId(row[0]) for row in change["before"] if was_paired(row, STATE)}
    separated |= {key for key, state in states.items() if state.get("kind_source") == KindSource.PAIR}
    if again := separated.intersection(row["_id"] for row in rows):
        reunite(ledger_id, again)


def _restore_memory(
    ledger_id: ObjectId,
    change: CategoryChangeDocument,
    rows: list[ExpenseDocument],
    states: Mapping[ObjectId, StoredState],
    own_revisions: Collection[int],
) -> list[int]:
    """Put the memory back, and return the new revisions.

    What changed since then, and what the change has no snapshot of, is unlearned instead.
    """
    learned = _learned(change)
    confirmed = [{**row, **states[row["_id"]]} for row in rows if states[row["_id"]]["reviewed"]]
    unknown = {normalise(row["title"]) for row in confirmed}
    earlier = [each for each in learned.get("memory", []) if each[1] or each[0] not in unknown]
    restored, revision = set(), 0
    if len(rows) == len(states):
        revisions = {*learned.get("revisions", []), *own_revisions}
        restored, revision = memory_undo.put_back(ledger_id, earlier, revisions)
    left = [row for row in rows if normalise(row["title"]) not in restored] if change["category"] else []
    again = [row for row in confirmed if normalise(row["title"]) not in restored]
    return [
        revision,
        unteach(ledger_id, [lesson_of_row(row | {"category": change["category"]}) for row in left]) if left else 0,
        teach(ledger_id, [lesson_of_row(row, _turned(change)) for row in again]) if again else 0,
    ]

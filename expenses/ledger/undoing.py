"""Undo one stored change of categories: expenses, memory and feedback become what they were before it."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple, cast

from bson import ObjectId
from django.utils import timezone
from pymongo import UpdateOne

from classifier import feedback, memory_undo
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
from expenses.models.unsure import is_unsure
from finbrain.core import stored
from finbrain.core.past_the_orm import LEDGER, collection, current_session

_read = stored.reader(CategoryChange, ("category", "before", "learned", "created_at"))


class Undone(NamedTuple):
    """The outcome of undoing one change.

    ids: the restored expenses. revisions: those of the memory that it made. outdated: restored expenses that wait for
    review and whose text the memory has learned from another change since then.
    """

    ids: frozenset[ObjectId] = frozenset()
    revisions: tuple[int, ...] = ()
    outdated: frozenset[ObjectId] = frozenset()


def undo_change(
    ledger: Ledger, change_id: ObjectId, own_ids: Collection[ObjectId] = (), own_revisions: Collection[int] = ()
) -> Undone:
    """Restore the states that a stored change replaced, and delete the change. Call it inside a transaction.

    own_ids, own_revisions: the expenses that undoing later parts of the same change restored, and the revisions of the
    memory that it made.
    """
    match = {"_id": change_id, LEDGER: ledger.id}
    found = collection(CategoryChange, CategoryChangeDocument).find_one_and_delete(match, session=current_session())
    if found is None:
        return Undone()
    change = _read(found)
    before = ((row[0], dict(zip(STATE, row[1:], strict=False))) for row in change["before"])
    states = {ObjectId(key): cast(StoredState, state) for key, state in before}
    rows = rows_that(entries_of(ledger.id, _id={"$in": list(states)}) | {**_unchanged_since(change, own_ids)})
    _restore_states(ledger.id, rows, states, _turned(change))
    _reunite(ledger.id, change, rows, states)
    revisions, left = _restore_memory(ledger.id, change, rows, states, own_revisions)
    _restore_feedback(ledger, change, rows, states)
    ids = frozenset(row["_id"] for row in rows)
    outdated = frozenset(row["_id"] for row in left if is_unsure(states[row["_id"]], ledger.threshold))
    return Undone(ids, tuple(filter(None, revisions)), outdated)


def _restore_feedback(
    ledger: Ledger,
    change: CategoryChangeDocument,
    rows: list[ExpenseDocument],
    states: Mapping[ObjectId, StoredState],
) -> None:
    """Put back what was reported about the restored expenses before the change, except those of rules."""
    restored = [(row["title"], states[row["_id"]]) for row in rows]
    filed = [(title, state) for title, state in restored if state["category_source"] != CategorySource.RULE]
    if not filed or not change["category"]:
        return
    base_of, learned = ledger.categories.base_of, _learned(change)
    if "feedback" not in learned:
        feedback.revise(ledger.id, [(title, base_of(state["category"])) for title, state in filed])
    elif learned["feedback"] is not None:
        titles = [title for title, _ in filed]
        category, share = base_of(change["category"]), ledger.shares_corrections
        feedback.put_corrections_back(ledger.id, titles, category, learned["feedback"], share=share)


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
) -> tuple[list[int], list[ExpenseDocument]]:
    """Put the memory back, and return the new revisions, and the rows whose text isn't remembered as it was before.

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
    made = [
        revision,
        unteach(ledger_id, [lesson_of_row(row | {"category": change["category"]}) for row in left]) if left else 0,
        teach(ledger_id, [lesson_of_row(row, _turned(change)) for row in again]) if again else 0,
    ]
    return made, left

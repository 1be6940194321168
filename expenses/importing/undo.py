"""Undoes a whole import in steps, as it was imported, and restores it in steps.

Its expenses move to the trash together and its fingerprints are deleted, so that the file can be imported again.
Expenses restored from the trash have no fingerprints; importing the same file again then shows its rows as possible
duplicates. Likewise, restoring the whole import leaves in the trash what another import has added again since.
"""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pymongo
from bson import ObjectId
from django.utils import timezone
from pymongo.collection import Collection
from pymongo.cursor import Cursor

from expenses.importing import fingerprints
from expenses.importing.added_again import MATCHED_BY, find_added_again
from expenses.importing.import_metrics import IMPORTS
from expenses.importing.writing import PART, STEP_SECONDS
from expenses.ledger.trash import delete_expenses, restore_expenses
from expenses.models import Expense, ImportBatch, ImportState
from expenses.models.documents import ExpenseDocument
from expenses.models.entry_filters import Match, entries_of
from expenses.models.expense import BY_DAY
from expenses.models.imports import Absence, Restoring, day_and_id, restoring_after
from expenses.models.ledger import Ledger
from finbrain.core import stored
from finbrain.core.past_the_orm import LEDGER, collection, current_session
from finbrain.core.transactions import run_in_transaction

_COLUMNS = (*MATCHED_BY, "created_at")
_read = stored.reader(Expense, _COLUMNS)
_read_day = stored.reader(Expense, ("spent_on",))
# Tens of thousands of fingerprints.
_FORGET_SECONDS = 20
# How many times it may be undone and restored until the first time is forgotten.
_MOST_ABSENCES = 20
# More expenses than a step has time for.
_MOST_IN_A_STEP = 10_000
# How many expenses a step restores first. Restoring looks for their other halves among all entries of their days, so
# the next part is larger or smaller by how long this one took.
_FIRST_PART = 50
# More expenses than a step restores.
_MOST_RESTORED = 4_000
_IN_TRASH = "expense_in_trash"


def undo_import(ledger: Ledger, batch: ImportBatch) -> int | None:
    """Undo the import for about STEP_SECONDS; returns how many expenses it moved to the trash, None if some are left.

    Drafts don't change, and expenses already in the trash stay there. If interrupted, the next call continues.
    """
    mine = ImportBatch.objects.of(ledger).filter(pk=batch.pk)
    mine.start_undo(timezone.now())
    batch = mine.without_files().get()
    if batch.state != ImportState.UNDOING:
        return 0
    deadline = time.monotonic() + STEP_SECONDS
    ids = _left_of(ledger, batch)
    for start in range(0, len(ids), PART):
        if start and time.monotonic() > deadline:
            return None
        delete_expenses(ledger, ids[start : start + PART], batch.undone_at)
    if len(ids) == _MOST_IN_A_STEP:
        return None
    with pymongo.timeout(_FORGET_SECONDS):
        fingerprints.forget_fingerprints(ledger.id, batch.pk)
    ImportBatch.objects.of(ledger).drafts().update(plan_key="")  # rows of these drafts may be new again
    if mine.end_undo():
        IMPORTS.labels(batch.format, "undone").inc()
    return count_in_trash(ledger, batch)


def count_in_trash(ledger: Ledger, batch: ImportBatch) -> int:
    """How many expenses are in the trash because the import was undone."""
    return _expenses().count_documents(_undone(ledger, batch), hint=_IN_TRASH)


def _undone(ledger: Ledger, batch: ImportBatch) -> Match:
    """A filter for the expenses that the undo moved to the trash and that are still there."""
    return {LEDGER: ledger.id, "import_batch": batch.pk, "deleted_at": batch.undone_at}


def _left_of(ledger: Ledger, batch: ImportBatch) -> list[ObjectId]:
    """The ids of the import's expenses that are not in the trash, as many as a step may need."""
    match = entries_of(ledger.id, import_batch=batch.pk)
    found = _expenses().find(match, {"_id": 1}, hint="expense_by_import").limit(_MOST_IN_A_STEP)
    return [row["_id"] for row in found]


def restore_import(ledger: Ledger, batch: ImportBatch) -> tuple[int, int] | None:
    """Restore the expenses of an undone import for about STEP_SECONDS. The import counts as done once one is restored.

    Returns how many were restored, and how many stay in the trash because they were imported again; None if some are
    left. The next call continues after the last expense that was checked.
    """
    if batch.undone_at is None or batch.state not in (ImportState.UNDONE, ImportState.DONE):
        return 0, 0
    place = batch.restore_place or {"after": "", "seen": 0, "restored": 0, "total": count_in_trash(ledger, batch)}
    deadline = time.monotonic() + STEP_SECONDS
    rows = list(map(_read_day, find_in_trash(ledger, batch, place["after"])))
    start, part = 0, min(_FIRST_PART, PART)
    while start < len(rows):
        began = time.monotonic()
        if start and began > deadline:
            return None
        moved = run_in_transaction(partial(_restore_part, ledger, batch, rows[start : start + part], place))
        if moved is None:
            return None
        start, place = start + part, moved
        part = _next_part(part, time.monotonic() - began)
    if len(rows) == _MOST_RESTORED:
        return None
    left = count_in_trash(ledger, batch)
    ImportBatch.objects.of(ledger).filter(pk=batch.pk).end_restore(batch.undone_at, left)
    return place["restored"], left


def _next_part(part: int, seconds: float) -> int:
    """The size of the next part, by how long one of this size took."""
    return min(2 * part, PART) if seconds < STEP_SECONDS / 4 else max(part // 2, 1)


def find_in_trash(ledger: Ledger, batch: ImportBatch, after: str) -> Cursor[ExpenseDocument]:
    """Find the next expenses after this place that the undo moved to the trash, in the order of days.

    In this order a part has few days and months, whatever the order of the file. An index has it.
    """
    match = _undone(ledger, batch)
    if after:
        day, last = day_and_id(after)
        match |= {"spent_on": {"$gte": day}, "$or": [{"spent_on": {"$gt": day}}, {"_id": {"$gt": last}}]}
    found = _expenses().find(match, {"spent_on": 1}, hint=BY_DAY)
    return found.sort([("spent_on", 1), ("_id", 1)]).limit(_MOST_RESTORED)


def _restore_part(
    ledger: Ledger, batch: ImportBatch, rows: Sequence[ExpenseDocument], place: Restoring
) -> Restoring | None:
    """Restore some expenses and move the place, inside a transaction. None if another process did, or it was undone.

    It is retried if an import changes the same months.
    """
    free = _free_of(ledger, batch, rows)
    seen, restored = place["seen"] + len(rows), place["restored"] + len(free)
    after = restoring_after(rows[-1]["spent_on"], rows[-1]["_id"])
    moved: Restoring = {"after": after, "seen": seen, "restored": restored, "total": place["total"]}
    here: Match = {"_id": batch.pk, LEDGER: ledger.id, "undone_at": batch.undone_at}
    unbegun = {"$or": [{"restoring.after": {"$not": {"$type": "string"}}}, {"restoring": batch.restoring}]}
    here |= {"restoring.after": place["after"]} if place["after"] else unbegun
    states = {"$in": [ImportState.UNDONE.value, ImportState.DONE.value]}
    changed: dict[str, Any] = {"restoring": moved}
    if free:
        changed |= {"state": ImportState.DONE.value, "absences": _absences_with(batch)}
    batches = collection(ImportBatch)
    if not batches.update_one(here | {"state": states}, {"$set": changed}, session=current_session()).matched_count:
        return None
    restore_expenses(ledger, free)
    return moved


def _absences_with(batch: ImportBatch) -> list[Absence]:
    """The import's absences with the one that ends now. Each part of the same restoring replaces that of the last."""
    undone = _stamp(batch.undone_at or timezone.now())
    earlier: list[Any] = batch.absences if isinstance(batch.absences, list) else []
    others: list[Any] = [one for one in earlier if isinstance(one, dict) and one.get("undone") != undone]
    return [*others[-_MOST_ABSENCES:], {"undone": undone, "restored": _stamp(timezone.now())}]


def _stamp(when: datetime) -> str:
    """A time, in UTC if it has no time zone, as text that sorts like times."""
    return (when.astimezone(UTC) if when.tzinfo else when).strftime("%Y-%m-%dT%H:%M:%S.%f")


def _free_of(ledger: Ledger, batch: ImportBatch, rows: Sequence[ExpenseDocument]) -> list[ObjectId]:
    """The expenses that no other import has added again. One expense added again accounts for one of these.

    rows: some of those in the trash, in the order of days. Those that were restored in the meantime are left out.
    """
    days = {"spent_on": {"$in": [row["spent_on"] for row in rows]}}
    # All of these days: those that stayed in the trash in earlier parts account for the same expenses again.
    undone = sorted(_movements(_undone(ledger, batch) | days), key=lambda row: (row["spent_on"], row["_id"]))
    if not undone:
        return []
    back = _back_since(ledger, batch, min(row["created_at"] for row in undone))
    mine = {row["_id"] for row in rows} - find_added_again(undone, _movements(back | days))
    return [row["_id"] for row in undone if row["_id"] in mine]


def _back_since(ledger: Ledger, batch: ImportBatch, began: datetime) -> Match:
    """A filter for what other imports added since the undo, or what was restored since and wasn't there at the import.

    What was there together with the import's expenses isn't one of them. Expenses of an import that is still undone are
    back if somebody restored them from the trash one by one. began: when the import began to write.
    """
    since = {"$gt": batch.undone_at}
    absent = {"restored": {"$gt": _stamp(batch.undone_at or began)}, "undone": {"$lt": _stamp(began)}}
    still_undone = {"state": ImportState.UNDONE.value, "undone_at": {"$lt": began}}
    match = {LEDGER: ledger.id, "$or": [{"absences": {"$elemMatch": absent}}, still_undone]}
    restored = [row["_id"] for row in collection(ImportBatch).find(match, {"_id": 1}, session=current_session())]
    either = [{"created_at": since}, {"import_batch": {"$in": restored}}]
    return entries_of(ledger.id, import_batch={"$nin": [None, batch.pk]}) | {"$or": either}


def _movements(match: Match) -> list[ExpenseDocument]:
    return list(map(_read, _expenses().find(match, dict.fromkeys(_COLUMNS, 1), session=current_session())))


def _expenses() -> Collection[ExpenseDocument]:
    return collection(Expense, ExpenseDocument)

"""Undoes a whole import in steps, as it was imported.

Its expenses move to the trash together and its fingerprints are deleted, so that the file can be imported again.
Expenses restored from the trash have no fingerprints; importing the same file again then shows its rows as possible
duplicates. Likewise, restoring the whole import leaves in the trash what another import has added again.
"""

import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial

import pymongo
from bson import ObjectId
from django.utils import timezone
from pymongo.collection import Collection

from expenses.importing import fingerprints
from expenses.importing.import_counts import IMPORTS
from expenses.importing.writing import PART, STEP_SECONDS
from expenses.ledger.trash import delete_expenses, restore_expenses
from expenses.models import Expense, ImportBatch, ImportState
from expenses.models.documents import ExpenseDocument
from expenses.models.ledger import Ledger
from expenses.models.matches import Match, entries_of
from finbrain.core import stored
from finbrain.core.past_the_orm import LEDGER, collection, current_session
from finbrain.core.transactions import run_in_transaction

MOVEMENT = ("amount", "currency", "spent_on")
_read = stored.reader(Expense, MOVEMENT)
# Tens of thousands of fingerprints.
_FORGET_SECONDS = 20


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
    with pymongo.timeout(_FORGET_SECONDS):
        fingerprints.forget_fingerprints(ledger.id, batch.pk)
    ImportBatch.objects.of(ledger).drafts().update(plan_key="")  # rows of these drafts may be new again
    if mine.end_undo():
        IMPORTS.labels(batch.format, "undone").inc()
    return expenses().count_documents(_taken_back(ledger, batch))


def _taken_back(ledger: Ledger, batch: ImportBatch) -> Match:
    """A filter for the expenses that the undo moved to the trash and that are still there."""
    return {LEDGER: ledger.id, "import_batch": batch.pk, "deleted_at": batch.undone_at}


def _left_of(ledger: Ledger, batch: ImportBatch) -> list[ObjectId]:
    """The ids of the import's expenses that are not in the trash."""
    match = entries_of(ledger.id, import_batch=batch.pk)
    return [row["_id"] for row in expenses().find(match, {"_id": 1}, hint="expense_by_import")]


def restore_import(ledger: Ledger, batch: ImportBatch) -> tuple[int, int]:
    """Restore the expenses of an undone import.

    Returns how many were restored, and how many stay in the trash because they were imported again.
    """
    if batch.state != ImportState.UNDONE:
        return 0, 0
    match = _taken_back(ledger, batch)
    ids = [row["_id"] for row in expenses().find(match, {"_id": 1}).sort("spent_on")]
    parts = [ids[start : start + PART] for start in range(0, len(ids), PART)]
    restored = sum(run_in_transaction(partial(_restore_part, ledger, batch, part)) for part in parts)
    return restored, expenses().count_documents(match)


def _restore_part(ledger: Ledger, batch: ImportBatch, ids: Sequence[ObjectId]) -> int:
    """Restore some expenses, inside a transaction. It is retried if an import changes the same months."""
    columns = dict.fromkeys(MOVEMENT, 1)
    wanted = _taken_back(ledger, batch) | {"_id": {"$in": ids}}
    rows = list(map(_read, expenses().find(wanted, columns, session=current_session())))
    others = {"import_batch": {"$nin": [None, batch.pk]}, "spent_on": {"$in": [row["spent_on"] for row in rows]}}
    live = expenses().find(entries_of(ledger.id, **others), columns, session=current_session())
    there = Counter(map(_movement_of, map(_read, live)))
    free = []
    for row in rows:
        if there[_movement_of(row)]:
            there[_movement_of(row)] -= 1
        else:
            free.append(row["_id"])
    return restore_expenses(ledger, free)


def _movement_of(row: ExpenseDocument) -> tuple[Decimal, str, datetime]:
    return row["amount"].to_decimal(), row["currency"], row["spent_on"]


def expenses() -> Collection[ExpenseDocument]:
    return collection(Expense, ExpenseDocument)

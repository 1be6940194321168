"""Taking a whole import back, in steps as it came in.

Its expenses go to the trash together and its fingerprints are forgotten: the file can be imported again. Expenses that
are restored from the trash afterwards come back without fingerprints; an import of the same file then finds that its
rows look like expenses that are there, and leaves them out unless the person wants them.
"""

import time

import pymongo
from bson import ObjectId
from django.db import connection
from django.utils import timezone
from pymongo.collection import Collection

from accounts.models import User
from expenses import metrics
from expenses.importing import fingerprints
from expenses.importing.writing import PART, STEP_SECONDS
from expenses.models import Expense, ImportBatch, ImportState
from expenses.trash import Trashed, batch_of, delete_expenses

FORGET_SECONDS = 20  # tens of thousands of fingerprints


def undo_some(owner: User, batch: ImportBatch) -> Trashed | None:
    """Begin to take it back, or go on, for about STEP_SECONDS; None while something of it is left.

    What is in the trash already stays there. When this is cut off it goes on with the next call.
    """
    mine = ImportBatch.objects.filter(owner_id=owner.pk, pk=batch.pk)
    stopped = {"state": ImportState.UNDOING, "content": None, "file_until": None}
    mine.filter(state__in=(ImportState.RUNNING, ImportState.DONE)).update(**stopped, undone_at=timezone.now())
    batch = mine.defer("content").get()
    if batch.state != ImportState.UNDOING:
        return Trashed(0, "")
    deadline = time.monotonic() + STEP_SECONDS
    ids = left_of(owner, batch)
    for start in range(0, len(ids), PART):
        if start and time.monotonic() > deadline:
            return None
        delete_expenses(owner, ids[start : start + PART], batch.undone_at)
    with pymongo.timeout(FORGET_SECONDS):
        fingerprints.forget(owner.pk, batch.pk)
    if mine.filter(state=ImportState.UNDOING).update(state=ImportState.UNDONE):
        metrics.IMPORTS.labels(batch.format, "undone").inc()
    gone = {"owner_id": owner.pk, "import_batch": batch.pk, "deleted_at": batch.undone_at}
    return Trashed(expenses().count_documents(gone), batch_of(batch.undone_at))


def left_of(owner: User, batch: ImportBatch) -> list[ObjectId]:
    """Its expenses that are not in the trash."""
    match = {"owner_id": owner.pk, "import_batch": batch.pk, "deleted_at": None}
    return [row["_id"] for row in expenses().find(match, {"_id": 1}, hint="expense_by_import")]


def expenses() -> Collection:
    return connection.database[Expense._meta.db_table]

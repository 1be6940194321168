"""Taking a whole import back.

Its expenses go to the trash together and its fingerprints are forgotten: the file can be imported again. Expenses that
are restored from the trash afterwards come back without fingerprints; an import of the same file then finds that its
rows look like expenses that are there, and leaves them out unless the person wants them.
"""

import pymongo
from django.db import connection

from accounts.models import User
from expenses import metrics
from expenses.importing import fingerprints
from expenses.models import Expense, ImportBatch, ImportState
from expenses.trash import Trashed, delete_expenses

SECONDS = 30  # tens of thousands of rows take more than one page's call may
BEGUN = (ImportState.RUNNING, ImportState.DONE, ImportState.UNDOING)


def undo(owner: User, batch: ImportBatch) -> Trashed:
    """Take it back; what is in the trash already stays there. When this is cut off it can be done again."""
    mine = ImportBatch.objects.filter(owner_id=owner.pk, pk=batch.pk)
    if not mine.filter(state__in=BEGUN).update(state=ImportState.UNDOING, content=None, file_until=None):
        return Trashed(0, "")
    with pymongo.timeout(SECONDS):
        match = {"owner_id": owner.pk, "import_batch": batch.pk, "deleted_at": None}
        ids = [row["_id"] for row in connection.database[Expense._meta.db_table].find(match, {"_id": 1})]
        trashed = delete_expenses(owner, ids)
        fingerprints.forget(owner.pk, batch.pk)
    if mine.filter(state=ImportState.UNDOING).update(state=ImportState.UNDONE):
        metrics.IMPORTS.labels(batch.format, "undone").inc()
    return trashed

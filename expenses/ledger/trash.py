"""Move expenses to the trash and restore them, one or thousands at once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from bson import ObjectId
from django.utils import timezone

from expenses.ledger.pairs import pair_stored, separate
from expenses.ledger.rows_of_changes import in_chunks
from expenses.ledger.teaching import lesson_of_row, teach, unteach
from expenses.ledger.touch import touch_months
from expenses.models import Expense
from expenses.models.documents import ExpenseDocument
from expenses.models.expense import TRASH_INDEXED_SINCE
from expenses.models.ledger import Ledger
from expenses.models.unsure import Match
from expenses.recurring.attaching import attach_stored, release_entries
from finbrain.core import stored
from finbrain.core.past_the_orm import LEDGER, collection, current_session
from finbrain.core.transactions import run_in_transaction

TRASH_DAYS = 30
_COLUMNS = ("title", "category", "reviewed", "spent_on", "amount", "pair")
_read = stored.reader(Expense, _COLUMNS)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Trashed:
    """The number of expenses moved to the trash, and the batch that restores them together."""

    count: int
    batch: str


def delete_expenses(ledger: Ledger, ids: Iterable[ObjectId], when: datetime | None = None) -> Trashed:
    """Move the ledger's expenses to the trash and unlearn them. Skips expenses that are already there.

    when: the time of deletion, if they should be restored together with expenses deleted then.
    """
    when = when or timezone.now()
    when = when.replace(microsecond=when.microsecond // 1000 * 1000)  # as precise as MongoDB is
    count = _move(ledger, list(ids), {"deleted_at": None}, when, unteach)
    return Trashed(count, _batch_of(when))


def _batch_of(when: datetime) -> str:
    """Return the batch of all expenses deleted at this time: milliseconds since 1970."""
    return str((when - _EPOCH) // timedelta(milliseconds=1))


def restore_expenses(ledger: Ledger, ids: Iterable[ObjectId]) -> int:
    """Restore the ledger's expenses from the trash and return how many."""
    return _move(ledger, list(ids), {"deleted_at": {"$ne": None}}, None, teach)


def restore_batch(ledger: Ledger, batch: str) -> int:
    """Restore the expenses that were deleted together and return how many. ValueError if `batch` is invalid."""
    if not (batch.isascii() and batch.isdecimal() and len(batch) < 14):
        raise ValueError(batch)
    when = _EPOCH + timedelta(milliseconds=int(batch))
    match = {LEDGER: ledger.id, "deleted_at": when}
    ids = [row["_id"] for row in collection(Expense, ExpenseDocument).find(match, {"_id": 1})]
    return _move(ledger, ids, {"deleted_at": when}, None, teach)


def _move(
    ledger: Ledger, ids: Sequence[ObjectId], state: Match, when: datetime | None, tell: Callable[..., object]
) -> int:
    return sum(
        run_in_transaction(partial(_write_deleted_at, ledger, part, state, when, tell)) for part in in_chunks(ids)
    )


def _write_deleted_at(
    ledger: Ledger, ids: Sequence[ObjectId], state: Match, when: datetime | None, tell: Callable[..., object]
) -> int:
    """Set `deleted_at` of the rows that are still in `state`, and return how many. Call it inside a transaction.

    An entry in the trash has no other half: pairs are separated, and restored entries are paired again.
    """
    expenses = collection(Expense, ExpenseDocument)
    match = {LEDGER: ledger.id, "_id": {"$in": list(ids)}} | state
    rows = list(map(_read, expenses.find(match, dict.fromkeys(_COLUMNS, 1), session=current_session())))
    if not rows:
        return 0
    if pairs := [row["pair"] for row in rows if row["pair"]]:
        separate(ledger.id, pairs)
    changed = {LEDGER: ledger.id, "_id": {"$in": [row["_id"] for row in rows]}}
    expenses.update_many(changed, {"$set": {"deleted_at": when}}, session=current_session())
    touch_months(ledger.id, [row["spent_on"].date() for row in rows])
    if when is None:
        pair_stored(ledger, [row["_id"] for row in rows])
        attach_stored(ledger.id, [row["_id"] for row in rows])
    else:
        release_entries(ledger.id, [row["_id"] for row in rows])
    tell(ledger.id, [lesson_of_row(row) for row in rows if row["reviewed"]])
    return len(rows)


def empty_trash(now: datetime) -> int:
    """Permanently delete expenses that have been in the trash for TRASH_DAYS, of all ledgers. Return how many."""
    old = {"$gt": TRASH_INDEXED_SINCE, "$lt": now - timedelta(days=TRASH_DAYS)}
    return collection(Expense).delete_many({"deleted_at": old}).deleted_count

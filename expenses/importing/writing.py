"""Writes the rows of an import in parts, each in one transaction.

Each part moves the batch's position, so it is written once, even if a process is killed, somebody clicks twice or two
tabs are open.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

from bson import ObjectId
from django.utils import timezone

from expenses import rates
from expenses.importing import fingerprints
from expenses.importing.choices import Choices
from expenses.importing.edits import Edits
from expenses.importing.fingerprints import FileRow
from expenses.importing.frame import is_frame
from expenses.importing.import_metrics import IMPORTS, count_imported
from expenses.importing.kept_plan import KeptPlan
from expenses.importing.mended_plan import MendedPlan
from expenses.importing.packing import unpack_rows
from expenses.importing.suggestions import Filing, file_entry, suggest_for_entries
from expenses.ledger.bulk import document_of, store_documents
from expenses.ledger.pairs import pair_new
from expenses.ledger.suggestion_metrics import count_suggestion
from expenses.models import Expense, ImportBatch, ImportState
from expenses.models.documents import ExpenseDocument
from expenses.models.ledger import Ledger
from finbrain.core.dates import midnight
from finbrain.core.garbage import uncollected
from finbrain.core.past_the_orm import LEDGER, collection, current_session
from finbrain.core.transactions import run_in_transaction

# Rows of the first transaction of a step. The next ones have as many as take about PART_SECONDS, within these limits.
PART = 400
PART_SECONDS = 0.4
_LEAST_IN_A_PART, _MOST_IN_A_PART = 200, 1_000
# The CPU time of a step. On a busy machine it may take longer by this factor.
STEP_SECONDS = 0.7
_WAITS = 4
_MOST_IN_A_STEP = 5_000
# An unfinished import expires after this time.
_PATIENCE = timedelta(days=7)


def begin_import(ledger: Ledger, batch_id: ObjectId, plan: MendedPlan) -> bool:
    """Start the import of a plan. False if it has already started, because somebody clicked twice."""
    counts = plan.summary.counts
    total = sum(map(plan.count_ticked, range(plan.kept.pieces)))
    again = plan.edits.count_in("known", counts["known"])
    known = counts["known"] - again
    left_out = counts["unbooked"] + counts["alike"] + counts["new"] + again - total
    begun = (
        ImportBatch.objects.of(ledger)
        .filter(pk=batch_id)
        .begin(
            content=plan.kept.content,
            file_until=timezone.now() + _PATIENCE,
            total=total,
            known=known,
            left_out=left_out,
            unreadable=counts["unreadable"],
        )
    )
    if begun:
        count_imported(known=known, left_out=left_out, unreadable=counts["unreadable"])
    return begun


@uncollected()
def continue_import(ledger: Ledger, batch: ImportBatch) -> None:
    """Continue an import for about STEP_SECONDS of CPU time. The database then has the batch's new state."""
    used, passed = time.thread_time() + STEP_SECONDS, time.monotonic() + _WAITS * STEP_SECONDS
    size = PART
    for part in _rows_left(ledger, batch):
        while part.start < part.end:
            began = time.monotonic()
            now, part = part.cut(size)
            ends = now.end == batch.total
            if not _write_part(ledger, batch, _prepare(ledger, batch.pk, now.rows), now, ends) or ends:
                return
            if time.thread_time() > used or time.monotonic() > passed:
                return
            fitting = int(size * PART_SECONDS / max(time.monotonic() - began, 0.001))
            size = min(max(fitting, _LEAST_IN_A_PART), _MOST_IN_A_PART)


class _Part(NamedTuple):
    """Rows to write. start, end: the positions before and after them."""

    rows: Sequence[FileRow]
    start: int
    end: int

    def cut(self, size: int) -> "tuple[_Part, _Part]":
        """The first `size` rows, and the others. If ticks are stale and there are too many rows, all at once."""
        size = size if len(self.rows) <= self.end - self.start else len(self.rows)
        between = self.start + size if self.rows[size:] else self.end
        return _Part(self.rows[:size], self.start, between), _Part(self.rows[size:], between, self.end)


def _rows_left(ledger: Ledger, batch: ImportBatch) -> Iterator[_Part]:
    """Yield the rows that are still to be written, of one piece of the file after the other."""
    if not is_frame(batch.content):  # an import that the last release began
        yield _Part(unpack_rows(batch.content, batch.position, _MOST_IN_A_STEP), batch.position, batch.total)
        return
    account = Choices.of(batch.choices).account
    plan = MendedPlan(ledger, KeptPlan(batch.content), Edits.of(batch.edits), account)
    for number, start, end in plan.pieces_from(batch.position):
        done = max(0, batch.position - start)
        yield _Part(plan.rows_to_import(number, batch.pk)[done:], start + done, end)


@dataclass(frozen=True)
class _Prepared:
    """A row, how it is filed, and the expense to store."""

    row: FileRow
    filing: Filing
    document: ExpenseDocument


def _prepare(ledger: Ledger, batch_id: ObjectId, rows: Sequence[FileRow]) -> list[_Prepared]:
    """File the rows together, and build their expenses."""
    found = suggest_for_entries(ledger, [row.entry for row in rows])
    documents = map(document_of, _build_expenses(ledger, batch_id, rows, found))
    return [*map(_Prepared, rows, found, documents)]


def _write_part(ledger: Ledger, batch: ImportBatch, part: Sequence[_Prepared], place: _Part, ends: bool) -> bool:
    """Write the prepared rows of a part. False if another process did, or the import was undone."""
    added = run_in_transaction(partial(_write_rows, ledger, batch.pk, part, place, ends))
    if added is None:
        return False
    count_imported(added=len(added), known=len(part) - len(added))
    for one in part:
        if one.row.number in added and not one.row.entry.category and not one.filing.rule:
            count_suggestion(one.filing.suggestion)
    if ends:
        IMPORTS.labels(batch.format, "done").inc()
    return True


def _build_expenses(
    ledger: Ledger, batch_id: ObjectId, rows: Sequence[FileRow], found: Sequence[Filing]
) -> list[Expense]:
    """Build the expenses of the rows, without saving."""
    book = rates.rates_for((row.entry.spent_on, row.entry.currency) for row in rows)
    expenses = []
    for row, filing in zip(rows, found, strict=True):
        entry = row.entry
        expense = Expense(
            pk=ObjectId(),
            ledger_id=ledger.id,
            **{
                name: getattr(entry, name)
                for name in ("title", "amount", "currency", "spent_on", "note", "account", "one_off")
            },
            entry_key=f"{batch_id}-{row.number}",
            import_batch=batch_id,
            order_value=book.order_value(entry.amount, entry.currency, entry.spent_on),
        )
        file_entry(expense, entry, filing)
        expenses.append(expense)
    return expenses


def _write_rows(
    ledger: Ledger, batch_id: ObjectId, part: Sequence[_Prepared], place: _Part, ends: bool
) -> set[int] | None:
    """Write rows inside a transaction; returns the numbers of the new ones. None, without writing, if it moved."""
    batches = collection(ImportBatch)
    here = {"_id": batch_id, LEDGER: ledger.id, "state": ImportState.RUNNING.value, "position": place.start}
    moved: dict[str, Any] = {"position": place.end}
    if ends:
        moved |= {"state": ImportState.DONE.value, "content": None, "edits": None, "file_until": None}
    if not batches.update_one(here, {"$set": moved}, session=current_session()).matched_count:
        return None
    claimed = {row.number for row in fingerprints.claim_fingerprints(ledger.id, batch_id, place.rows)}
    added = [one.document for one in part if one.row.number in claimed]
    store_documents(ledger.id, pair_new(ledger, added))
    counts = {"added": {"$add": ["$added", len(added)]}, "known": {"$add": ["$known", len(part) - len(added)]}}
    if part:
        days = [midnight(row.entry.spent_on) for row in place.rows]
        counts |= {"first_day": {"$min": ["$first_day", min(days)]}, "last_day": {"$max": ["$last_day", max(days)]}}
    batches.update_one({"_id": batch_id, LEDGER: ledger.id}, [{"$set": counts}], session=current_session())
    return claimed

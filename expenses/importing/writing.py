"""Writes the rows of an import in parts, each in one transaction.

Each part moves the batch's position, so it is written once, even if a process is killed, somebody clicks twice or two
tabs are open.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from bson import ObjectId
from django.utils import timezone

from expenses import rates
from expenses.importing import fingerprints
from expenses.importing.fingerprints import FileRow
from expenses.importing.import_counts import IMPORTS, count_imported
from expenses.importing.packing import pack_rows, unpack_rows
from expenses.importing.plan import Plan
from expenses.importing.suggestions import Filing, file_entry, suggest_for_entries
from expenses.ledger.bulk import document_of, store_documents
from expenses.ledger.pairs import pair_new
from expenses.ledger.suggestion_counts import count_suggestion
from expenses.models import Expense, ImportBatch, ImportState
from expenses.models.documents import NewDocument
from expenses.models.ledger import Ledger
from finbrain.core.past_the_orm import LEDGER, collection, current_session
from finbrain.core.transactions import run_in_transaction

# Rows of the first transaction of a step. The next ones have as many as take about PART_SECONDS, within these limits.
PART = 200
PART_SECONDS = 0.3
_LEAST_IN_A_PART, _MOST_IN_A_PART = 100, 1_000
# The CPU time of a step. On a busy machine it may take longer by this factor.
STEP_SECONDS = 0.7
_WAITS = 4
_MOST_IN_A_STEP = 5_000
# An unfinished import expires after this time.
_PATIENCE = timedelta(days=7)


def begin_import(ledger: Ledger, batch_id: ObjectId, plan: Plan, rows: Sequence[FileRow]) -> bool:
    """Start the import with the rows to write. False if it has already started, because somebody clicked twice."""
    days = [row.entry.spent_on for row in rows]
    again = {row.number for row in plan.known} & {row.number for row in rows}
    known = len(plan.known) - len(again)
    left_out = len(plan.unbooked) + len(plan.alike) + len(plan.new) + len(again) - len(rows)
    begun = (
        ImportBatch.objects.of(ledger)
        .filter(pk=batch_id)
        .begin(
            content=pack_rows(rows),
            file_until=timezone.now() + _PATIENCE,
            total=len(rows),
            known=known,
            left_out=left_out,
            unreadable=plan.counts["unreadable"],
            first_day=min(days, default=None),
            last_day=max(days, default=None),
        )
    )
    if begun:
        count_imported(known=known, left_out=left_out, unreadable=plan.counts["unreadable"])
    return begun


def continue_import(ledger: Ledger, batch: ImportBatch) -> None:
    """Continue an import for about STEP_SECONDS of CPU time. The database then has the batch's new state."""
    used, passed = time.thread_time() + STEP_SECONDS, time.monotonic() + _WAITS * STEP_SECONDS
    rows = unpack_rows(batch.content, batch.position, _MOST_IN_A_STEP)
    position, size = batch.position, PART
    while True:
        began = time.monotonic()
        start = position - batch.position
        part = _prepare(ledger, batch.pk, rows[start : start + size])
        ends = position + len(part) == batch.total
        if not _write_part(ledger, batch, part, position, ends) or ends:
            return
        position += len(part)
        if time.thread_time() > used or time.monotonic() > passed or position == batch.position + len(rows):
            return
        fitting = int(size * PART_SECONDS / max(time.monotonic() - began, 0.001))
        size = min(max(fitting, _LEAST_IN_A_PART), _MOST_IN_A_PART)


@dataclass(frozen=True)
class _Prepared:
    """A row, how it is filed, and the expense to store."""

    row: FileRow
    filing: Filing
    document: NewDocument


def _prepare(ledger: Ledger, batch_id: ObjectId, rows: Sequence[FileRow]) -> list[_Prepared]:
    """File the rows together, and build their expenses."""
    found = suggest_for_entries(ledger, [row.entry for row in rows])
    documents = map(document_of, _build_expenses(ledger, batch_id, rows, found))
    return [*map(_Prepared, rows, found, documents)]


def _write_part(ledger: Ledger, batch: ImportBatch, part: Sequence[_Prepared], position: int, ends: bool) -> bool:
    """Write the rows from `position` on. False if another process did, or the import was undone."""
    added = run_in_transaction(partial(_write_rows, ledger, batch.pk, part, position, ends))
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
    ledger: Ledger, batch_id: ObjectId, part: Sequence[_Prepared], position: int, ends: bool
) -> set[int] | None:
    """Write rows inside a transaction; returns the numbers of the new ones. None, without writing, if it moved."""
    batches = collection(ImportBatch)
    here = {"_id": batch_id, LEDGER: ledger.id, "state": ImportState.RUNNING.value, "position": position}
    moved = {"position": position + len(part)}
    if ends:
        moved |= {"state": ImportState.DONE.value, "content": None, "file_until": None}
    if not batches.update_one(here, {"$set": moved}, session=current_session()).matched_count:
        return None
    rows = [one.row for one in part]
    claimed = {row.number for row in fingerprints.claim_fingerprints(ledger.id, batch_id, rows)}
    added = [one.document for one in part if one.row.number in claimed]
    store_documents(ledger.id, pair_new(ledger, added))
    counts = {"$inc": {"added": len(added), "known": len(part) - len(added)}}
    batches.update_one({"_id": batch_id, LEDGER: ledger.id}, counts, session=current_session())
    return claimed

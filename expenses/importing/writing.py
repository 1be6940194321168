"""Writes the rows of an import in parts, each in one transaction.

Each part moves the batch's position, so it is written once, even if a process is killed, somebody clicks twice or two
tabs are open.
"""

import time
from collections.abc import Sequence
from copy import copy
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
from expenses.ledger.entries import store_together
from expenses.ledger.pairs import pair_new
from expenses.ledger.suggestion_counts import count_suggestion
from expenses.models import Expense, ImportBatch, ImportState
from expenses.models.ledger import Ledger
from finbrain.core.past_the_orm import LEDGER, collection, current_session
from finbrain.core.transactions import run_in_transaction

# Rows per transaction, which takes a tenth of a second on a busy machine.
PART = 200
STEP_SECONDS = 1.0
_MOST_IN_A_STEP = 25 * PART
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
    """Continue an import for about STEP_SECONDS. The database then has the batch's new state."""
    deadline = time.monotonic() + STEP_SECONDS
    rows = unpack_rows(batch.content, batch.position, _MOST_IN_A_STEP)
    for start in range(0, max(1, len(rows)), PART):
        position = batch.position + start
        part = rows[start : start + PART]
        ends = position + len(part) == batch.total
        if not _write_part(ledger, batch, part, position, ends) or ends or time.monotonic() > deadline:
            return


def _write_part(ledger: Ledger, batch: ImportBatch, rows: Sequence[FileRow], position: int, ends: bool) -> bool:
    """Write the rows from `position` on. False if another process did, or the import was undone."""
    found = suggest_for_entries(ledger, [row.entry for row in rows])
    expenses = _build_expenses(ledger, batch.pk, rows, found)
    added = run_in_transaction(partial(_write_rows, ledger, batch.pk, rows, expenses, position, ends))
    if added is None:
        return False
    count_imported(added=len(added), known=len(rows) - len(added))
    for row, filing in zip(rows, found, strict=True):
        if row.number in added and not row.entry.category and not filing.rule:
            count_suggestion(filing.suggestion)
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
    ledger: Ledger,
    batch_id: ObjectId,
    rows: Sequence[FileRow],
    expenses: Sequence[Expense],
    position: int,
    ends: bool,
) -> set[int] | None:
    """Write rows inside a transaction; returns the numbers of the new ones. None, without writing, if it moved."""
    batches = collection(ImportBatch)
    here = {"_id": batch_id, LEDGER: ledger.id, "state": ImportState.RUNNING.value, "position": position}
    moved = {"position": position + len(rows)}
    if ends:
        moved |= {"state": ImportState.DONE.value, "content": None, "file_until": None}
    if not batches.update_one(here, {"$set": moved}, session=current_session()).matched_count:
        return None
    claimed = {row.number for row in fingerprints.claim_fingerprints(ledger.id, batch_id, rows)}
    # Copies, because a transaction may run again, and pairing must start from the entries as they were filed.
    added = [copy(expense) for row, expense in zip(rows, expenses, strict=True) if row.number in claimed]
    pair_new(ledger, added)
    store_together(added)
    counts = {"$inc": {"added": len(added), "known": len(rows) - len(added)}}
    batches.update_one({"_id": batch_id, LEDGER: ledger.id}, counts, session=current_session())
    return claimed

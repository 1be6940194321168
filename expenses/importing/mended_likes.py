"""Whether rows that a person mended are possible duplicates of existing expenses."""

from collections.abc import Iterable

from bson import ObjectId

from expenses.importing.duplicates import StoredExpense, find_duplicates
from expenses.importing.edits import Edits
from expenses.importing.fingerprints import FileRow
from expenses.statements.statement import Entry

# The groups whose mended rows are compared with the ledger again.
COMPARED = ("new", "alike")


def likes_of_mended(ledger_id: ObjectId, rows: Iterable[FileRow], edits: Edits) -> dict[int, StoredExpense]:
    """Map the numbers of those rows that the person mended to the expense that each may duplicate now."""
    mended = [row for row in rows if row.number in edits.mended]
    return find_duplicates(ledger_id, mended, set(), set()) if mended else {}


def with_mended(ledger_id: ObjectId, edits: Edits, group: str, number: int, entry: Entry, was: FileRow | None) -> Edits:
    """The edits with a mended row. It is unticked if it becomes a duplicate, and ticked if it no longer is one.

    group, number: of the row. was: the row as it was shown; None if it was unreadable.
    """
    mended = edits.with_mended(number, entry)
    if group not in COMPARED:
        return mended
    was_like, is_like = (
        bool(row and find_duplicates(ledger_id, [row], set(), set())) for row in (was, FileRow(number, "", entry))
    )
    return mended if was_like == is_like else mended.with_ticks(group, {number}, set() if is_like else {number})

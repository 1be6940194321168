"""Stored entries as filing reads and changes them: their columns, who may be filed where, and signs of amounts."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bson import ObjectId

from classifier.categories import kind_of
from expenses.ledger.filing_decisions import STATE, can_be, changes_sign
from expenses.models import Expense
from expenses.models.documents import ExpenseDocument
from expenses.models.kinds import stored_kind
from expenses.models.unsure import Match
from finbrain.core import stored
from finbrain.core.past_the_orm import LEDGER, collection, current_session

# Expenses per transaction, few enough to keep transactions short on a busy machine.
CHUNK = 250
_COLUMNS = ("title", "spent_on", "amount", "import_batch", "pair", *STATE)
_read = stored.reader(Expense, _COLUMNS)


def in_chunks(ids: Sequence[ObjectId]) -> Iterator[Sequence[ObjectId]]:
    """Split ids into parts small enough for one transaction each."""
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def rows_that(match: Match) -> list[ExpenseDocument]:
    """Return the matching entries with what filing reads of them, in one round trip."""
    found = collection(Expense, ExpenseDocument).find(match, dict.fromkeys(_COLUMNS, 1), session=current_session())
    return list(map(_read, found.batch_size(CHUNK + 1)))


def replaced(entry_id: ObjectId, values: Iterable[Any], *, paired: bool, turned: bool) -> list[Any]:
    """Return what a change stores of an entry: id, values, whether it left a pair, whether its amount changed sign."""
    return [str(entry_id), *values, paired, turned]


def was_paired(stored: Sequence[Any], names: Sequence[str]) -> bool:
    """Whether the change took the entry out of a pair, which earlier releases didn't store. names: of its values."""
    return len(stored) == len(names) + 3 and stored[-2] is True


def is_refused(row: ExpenseDocument, category: str) -> bool:
    """Whether the category is income, but the money left an account, as a statement says."""
    amount, imported = row["amount"].to_decimal(), row["import_batch"] is not None
    return not can_be(kind_of(category), amount, stored_kind(row), imported=imported)


def is_confirmed(row: ExpenseDocument, category: str) -> bool:
    """Whether a person has already filed the entry there."""
    return row["reviewed"] and row["category"] == category


def turns(row: ExpenseDocument, category: str) -> bool:
    """Whether the stored amount changes its sign when a person files the entry there."""
    imported = row["import_batch"] is not None
    return changes_sign(row["amount"].to_decimal(), stored_kind(row), kind_of(category), imported=imported)


def turn_amounts(ledger_id: ObjectId, ids: Iterable[ObjectId]) -> None:
    """Change the sign of the amounts."""
    if chosen := list(ids):
        turned = {name: {"$multiply": [f"${name}", -1]} for name in ("amount", "order_value")}
        match = {"_id": {"$in": chosen}, LEDGER: ledger_id}
        collection(Expense).update_many(match, [{"$set": turned}], session=current_session())

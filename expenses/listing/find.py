"""One page of expenses, read past the ORM: one `find` by index, whatever stands before it."""

from collections.abc import Iterable
from dataclasses import dataclass

from bson import ObjectId
from pymongo.collection import Collection

from expenses.listing import cursor
from expenses.listing.match import Match
from expenses.models import Expense
from expenses.models.documents import ExpenseDocument
from finbrain.core.collections import LEDGER, collection

PAGE_SIZE = 50
SHOWN = (
    *("title", "title_key", "amount", "currency", "spent_on", "category", "category_source", "confidence", "reviewed"),
    *("alternatives", "note", "own_rate", "own_rate_currency", "order_value", "deleted_at"),
)


@dataclass(frozen=True)
class ExpensePage:
    """Stored documents (the columns in SHOWN), and the cursor of the page after, "" on the last one."""

    rows: list[ExpenseDocument]
    after: str


def _expenses() -> Collection[ExpenseDocument]:
    return collection(Expense, ExpenseDocument)


def find_page(match: Match, sort: str, after: str = "", size: int = PAGE_SIZE) -> ExpensePage:
    """The rows that match, in the order of `sort`, after a cursor; one that makes no sense gives the first page."""
    values = cursor.decode_cursor(sort, after) if after else None
    filters = {"$and": [match, cursor.match_beyond(sort, values)]} if values else match
    found = _expenses().find(filters, dict.fromkeys(SHOWN, 1)).sort(list(cursor.ALL_SORTS[sort])).limit(size + 1)
    rows = list(found)
    more = len(rows) > size
    return ExpensePage(rows[:size], cursor.encode_cursor(sort, rows[size - 1]) if more else "")


def find_rows(ledger_id: ObjectId, ids: Iterable[ObjectId]) -> list[ExpenseDocument]:
    """Some of the ledger's expenses, newest first."""
    match = {LEDGER: ledger_id, "_id": {"$in": list(ids)}}
    return list(_expenses().find(match, dict.fromkeys(SHOWN, 1)).sort([("spent_on", -1), ("_id", -1)]))


def find_ids(match: Match) -> list[ObjectId]:
    """The ids of everything that matches."""
    return [row["_id"] for row in collection(Expense).find(match, {"_id": 1})]

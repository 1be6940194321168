"""Read a page of expenses without the ORM, with one indexed `find` however far down the list it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bson import ObjectId
from pymongo.collection import Collection

from expenses.listing import cursor
from expenses.listing.mongodb_filter import Match
from expenses.models import Expense
from expenses.models.documents import ExpenseDocument
from finbrain.core import stored
from finbrain.core.past_the_orm import LEDGER, collection

PAGE_SIZE = 50
_SHOWN = (
    *("title", "title_key", "amount", "currency", "spent_on", "category", "category_source", "confidence", "reviewed"),
    *("alternatives", "note", "own_rate", "own_rate_currency", "order_value", "deleted_at"),
    *("kind", "kind_source", "kind_confidence", "pair", "one_off", "account", "import_batch"),
    *("rule", "shown_title"),
)
_IN_ORDER = ("spent_on", "currency")
_read, _read_in_order = stored.reader(Expense, _SHOWN), stored.reader(Expense, _IN_ORDER)


@dataclass(frozen=True)
class ExpensePage:
    """A page of expenses. rows: documents with the columns in SHOWN. after: the next page's cursor, "" on the last."""

    rows: list[ExpenseDocument]
    after: str


def _expenses() -> Collection[ExpenseDocument]:
    return collection(Expense, ExpenseDocument)


def find_page(match: Match, sort: str, after: str = "", size: int = PAGE_SIZE) -> ExpensePage:
    """Find the page of matching rows after a cursor, in the order of `sort`. An invalid cursor gives the first page."""
    values = cursor.decode_cursor(sort, after) if after else None
    filters = {"$and": [match, cursor.match_beyond(sort, values)]} if values else match
    found = _expenses().find(filters, dict.fromkeys(_SHOWN, 1)).sort(list(cursor.ALL_SORTS[sort])).limit(size + 1)
    rows = list(map(_read, found))
    more = len(rows) > size
    return ExpensePage(rows[:size], cursor.encode_cursor(sort, rows[size - 1]) if more else "")


def find_order(match: Match, sort: str, most: int) -> list[ExpenseDocument]:
    """Find the first matching rows in the order of `sort`, with only their day and currency."""
    found = _expenses().find(match, dict.fromkeys(_IN_ORDER, 1)).sort(list(cursor.ALL_SORTS[sort])).limit(most)
    return list(map(_read_in_order, found))


def find_rows(ledger_id: ObjectId, ids: Iterable[ObjectId]) -> list[ExpenseDocument]:
    """Find the ledger's expenses with these ids, newest first, in one round trip."""
    wanted = list(ids)
    found = _expenses().find({LEDGER: ledger_id, "_id": {"$in": wanted}}, dict.fromkeys(_SHOWN, 1))
    return list(map(_read, found.sort([("spent_on", -1), ("_id", -1)]).batch_size(len(wanted) + 1)))


def find_in_order(ledger_id: ObjectId, ids: Sequence[ObjectId]) -> list[ExpenseDocument]:
    """Find the ledger's expenses with these ids, in their order."""
    found = {row["_id"]: row for row in find_rows(ledger_id, ids)}
    return [found[key] for key in ids if key in found]


def find_ids(match: Match) -> list[ObjectId]:
    """Find the ids of all matching expenses."""
    return [row["_id"] for row in _expenses().find(match, {"_id": 1})]

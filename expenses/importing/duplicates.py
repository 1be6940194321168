"""Finds rows of a statement that may duplicate existing expenses, under another title or from another kind of file.

A typed expense matches a row of the same amount up to two days away, because banks book late. An imported expense
matches only on the same day: otherwise the daily bus fare of last month's statement would hide the first one of this
month's. Each expense matches one row. Titles are not compared, because people and banks rarely use the same words.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from bson import Decimal128, ObjectId

from expenses.importing.fingerprints import ALL_AT_ONCE, FileRow
from expenses.models import Expense
from expenses.models.matches import entries_of
from finbrain.core import stored
from finbrain.core.dates import midnight
from finbrain.core.past_the_orm import collection

_DAYS_AWAY = 2
_COLUMNS = ("title", "amount", "currency", "spent_on", "import_batch")
_read = stored.reader(Expense, _COLUMNS)
Key = tuple[Decimal, str, date]


@dataclass(frozen=True)
class StoredExpense:
    """An existing expense. typed: whether a person typed it, instead of importing it."""

    title: str
    spent_on: date
    typed: bool


def find_duplicates(ledger_id: ObjectId, rows: Sequence[FileRow], before: set[str]) -> dict[int, StoredExpense]:
    """Map row numbers to the expense that each may duplicate.

    before: fingerprints imported earlier. Those rows use up their own expenses and are not in the result.
    """
    free = _stored_expenses(ledger_id, rows)
    for row in rows:
        if row.fingerprint in before:
            _take(free, _key_of(row), typed=False)
    moved = {(amount, currency) for amount, currency, _day in free}
    open_rows = [
        row for row in rows if row.fingerprint not in before and (row.entry.amount, row.entry.currency) in moved
    ]
    found: dict[int, StoredExpense] = {}
    for days in range(_DAYS_AWAY + 1):
        for row in open_rows:
            if row.number not in found and (like := _take_nearest(free, row, days)):
                found[row.number] = like
    return found


def _stored_expenses(ledger_id: ObjectId, rows: Sequence[FileRow]) -> dict[Key, list[StoredExpense]]:
    """The ledger's expenses near the days of the rows and with the amount of one of them, without the trash."""
    free: dict[Key, list[StoredExpense]] = defaultdict(list)
    if not rows:
        return free
    wanted = {(row.entry.amount, row.entry.currency) for row in rows}
    days = [row.entry.spent_on for row in rows]
    amounts = [*map(Decimal128, {amount for amount, _currency in wanted})]
    match = entries_of(ledger_id, spent_on=_days_between(min(days), max(days)), amount={"$in": amounts})
    found = collection(Expense).find(match, dict.fromkeys(_COLUMNS, 1)).batch_size(ALL_AT_ONCE)
    for each in map(_read, found):
        amount, currency, day = each["amount"].to_decimal(), each["currency"], each["spent_on"].date()
        if (amount, currency) in wanted:
            free[amount, currency, day].append(StoredExpense(each["title"], day, each["import_batch"] is None))
    return free


def _days_between(first: date, last: date) -> dict[str, datetime]:
    """A MongoDB filter for the days, widened by _DAYS_AWAY on both sides."""
    more = timedelta(days=_DAYS_AWAY)
    return {"$gte": midnight(first - more), "$lte": midnight(last + more)}


def _take_nearest(free: dict[Key, list[StoredExpense]], row: FileRow, days: int) -> StoredExpense | None:
    """Remove and return an expense exactly `days` from the row. On other days only typed ones match."""
    for day in _days_around(row.entry.spent_on, days):
        if like := _take(free, _key_of(row, day), typed=True if days else None):
            return like
    return None


def _days_around(day: date, days: int) -> Iterable[date]:
    """The two days at this distance, the earlier one first, because banks book late."""
    return dict.fromkeys((day - timedelta(days=days), day + timedelta(days=days)))


def _take(free: dict[Key, list[StoredExpense]], key: Key, typed: bool | None) -> StoredExpense | None:
    """Remove and return a matching expense. typed: None if it does not matter."""
    candidates = free.get(key, [])
    for place, each in enumerate(candidates):
        if typed is None or each.typed == typed:
            return candidates.pop(place)
    return None


def _key_of(row: FileRow, day: date | None = None) -> Key:
    return row.entry.amount, row.entry.currency, day or row.entry.spent_on

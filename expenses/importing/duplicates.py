"""Expenses that a statement tells of a second time, though under another name or from another kind of file.

One that was typed stands for a movement of the same amount up to two days away, for banks book late; one that was
imported only for the same day, or the daily bus of last month's statement would hide the first one of this month's.
Each stands for one movement. Titles are not compared: people and banks hardly ever use the same words.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from bson import ObjectId

from expenses.importing.fingerprints import ALL_AT_ONCE, FileRow
from expenses.models import Expense
from expenses.models.matches import entries_of
from finbrain.core.collections import collection
from finbrain.core.dates import midnight

_DAYS_AWAY = 2
Key = tuple[Decimal, str, date]


@dataclass(frozen=True)
class StoredExpense:
    """An expense that is there already."""

    title: str
    spent_on: date
    typed: bool


def find_duplicates(ledger_id: ObjectId, rows: Sequence[FileRow], before: set[str]) -> dict[int, StoredExpense]:
    """The expense that each of the rows looks like, by the row's number; those in `before` look like themselves."""
    free = _stored_expenses(ledger_id, rows)
    for row in rows:
        if row.fingerprint in before:
            _take(free, _key_of(row), typed=False)
    open_rows = [row for row in rows if row.fingerprint not in before]
    found: dict[int, StoredExpense] = {}
    for days in range(_DAYS_AWAY + 1):
        for row in open_rows:
            if row.number not in found and (like := _take_nearest(free, row, days)):
                found[row.number] = like
    return found


def _stored_expenses(ledger_id: ObjectId, rows: Sequence[FileRow]) -> dict[Key, list[StoredExpense]]:
    """The person's expenses around the days of the rows that have the amount of one of them; none in the trash."""
    free: dict[Key, list[StoredExpense]] = defaultdict(list)
    if not rows:
        return free
    wanted = {(row.entry.amount, row.entry.currency) for row in rows}
    days = [row.entry.spent_on for row in rows]
    columns = dict.fromkeys(("title", "amount", "currency", "spent_on", "import_batch"), 1)
    match = entries_of(ledger_id, spent_on=_days_between(min(days), max(days)))
    for each in collection(Expense).find(match, columns).batch_size(ALL_AT_ONCE):
        amount, currency, day = each["amount"].to_decimal(), each["currency"], each["spent_on"].date()
        if (amount, currency) in wanted:
            free[amount, currency, day].append(StoredExpense(each["title"], day, each.get("import_batch") is None))
    return free


def _days_between(first: date, last: date) -> dict[str, datetime]:
    """A filter for days, some more on both sides."""
    more = timedelta(days=_DAYS_AWAY)
    return {"$gte": midnight(first - more), "$lte": midnight(last + more)}


def _take_nearest(free: dict[Key, list[StoredExpense]], row: FileRow, days: int) -> StoredExpense | None:
    """Take an expense so many days away from the row; only typed ones may lie on another day."""
    for day in _days_around(row.entry.spent_on, days):
        if like := _take(free, _key_of(row, day), typed=True if days else None):
            return like
    return None


def _days_around(day: date, days: int) -> Iterable[date]:
    """Before first: banks book late."""
    return dict.fromkeys((day - timedelta(days=days), day + timedelta(days=days)))


def _take(free: dict[Key, list[StoredExpense]], key: Key, typed: bool | None) -> StoredExpense | None:
    """Remove and return one that was typed, or was not, or either."""
    candidates = free.get(key, [])
    for place, each in enumerate(candidates):
        if typed is None or each.typed == typed:
            return candidates.pop(place)
    return None


def _key_of(row: FileRow, day: date | None = None) -> Key:
    return row.entry.amount, row.entry.currency, day or row.entry.spent_on

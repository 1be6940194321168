"""Finds rows of a statement that may duplicate existing expenses, under another title or from another kind of file.

A typed expense matches a row of the same amount up to two days away, because banks book late. An imported expense
matches only on the same day: otherwise the daily bus fare of last month's statement would hide the first one of this
month's. It also matches a later row if its title is part of the row's longer one: a payment that was pending is booked
some days later. Otherwise titles are not compared, because people and banks rarely use the same words. Each
expense matches one row. No expense of an account that its file named matches a row of another such account. A name that
a person gave may be a new one for the same account: it is another account if most of the file's rows in the days of the
earlier import aren't among that one's expenses.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from bson import Decimal128, ObjectId

from expenses.importing.accounts import AccountSource
from expenses.importing.fingerprints import ALL_AT_ONCE, FileRow
from expenses.models import Expense, ImportBatch
from expenses.models.documents import ExpenseDocument
from expenses.models.entry_filters import entries_of
from expenses.models.folding import title_key
from expenses.statements.title_status import without_status
from finbrain.core import stored
from finbrain.core.dates import midnight
from finbrain.core.decimals import decimal_of
from finbrain.core.past_the_orm import LEDGER, collection

_DAYS_AWAY = 2
# A pending payment is booked within this time, and its title has at least this many characters.
_DAYS_PENDING, _LEAST_TITLE = 7, 4
_COLUMNS = ("title", "amount", "currency", "spent_on", "import_batch", "account")
_read = stored.reader(Expense, _COLUMNS)


@dataclass(frozen=True)
class StoredExpense:
    """An existing expense. typed: whether a person typed it, instead of importing it. batch: its import, if any.

    id: None once it is packed.
    """

    title: str
    spent_on: date
    typed: bool
    account: str = ""
    batch: ObjectId | None = None
    id: ObjectId | None = None


def find_duplicates(
    ledger_id: ObjectId,
    rows: Sequence[FileRow],
    before: set[str],
    taken: set[ObjectId],
    *,
    names_accounts: bool = False,
) -> dict[int, StoredExpense]:
    """Map row numbers to the expense that each may duplicate.

    before: fingerprints imported earlier. Those rows use up their own expenses and are not in the result. taken: the
    expenses that rows of earlier pieces of the file used up, to which it adds those of these rows. names_accounts:
    whether the file itself names the rows' accounts.
    """
    expenses = _read_near(ledger_id, rows, taken) if rows else {}
    labels = {row.entry.account for row in rows} - {""}
    likes = [each for some in expenses.values() for each in some]
    imports = _read_imports(
        ledger_id, {one.batch for one in likes if one.batch and one.account and {one.account} != labels}
    )
    named = {key for key, one in imports.items() if one.names_accounts} if names_accounts else set()
    free = FreeExpenses(_copy(expenses), named)
    found = match_rows(rows, before, free)
    if others := _of_other_accounts(rows, found, imports) - named:
        free = FreeExpenses(expenses, named | others)
        found = match_rows(rows, before, free)
    taken |= free.taken
    return found


def _copy(expenses: "Expenses") -> "Expenses":
    return {key: [*some] for key, some in expenses.items()}


def _of_other_accounts(
    rows: Sequence[FileRow], found: Mapping[int, "StoredExpense"], imports: Mapping[ObjectId, "_Import"]
) -> set[ObjectId]:
    """Those of the imports whose account has another name, and that match few of the rows in their days."""
    matched: Counter[ObjectId] = Counter()
    for row in rows:
        like = found.get(row.number)
        if like and like.batch and like.account and row.entry.account not in ("", like.account):
            matched[like.batch] += 1
    days = [row.entry.spent_on for row in rows] if matched else []
    return {
        batch
        for batch, count in matched.items()
        if batch in imports and 2 * count < sum(imports[batch].first <= day <= imports[batch].last for day in days)
    }


def match_rows(rows: Sequence[FileRow], before: set[str], free: "FreeExpenses") -> dict[int, StoredExpense]:
    """Map row numbers to the expense of `free` that each may duplicate. before: as of `find_duplicates`."""
    for row in rows:
        if row.fingerprint in before:
            free.take(row, row.entry.spent_on, lambda each: not each.typed)
    moved = {(amount, currency) for amount, currency, _day in free.expenses}
    open_rows = [
        row for row in rows if row.fingerprint not in before and (row.entry.amount, row.entry.currency) in moved
    ]
    found: dict[int, StoredExpense] = {}
    for days in range(_DAYS_AWAY + 1):
        for row in open_rows:
            if row.number not in found and (like := _take_nearest(free, row, days)):
                found[row.number] = like
    for row in open_rows:
        if row.number not in found and (like := _take_pending(free, row)):
            found[row.number] = like
    return found


Expenses = dict[tuple[Decimal, str, date], list[StoredExpense]]


class FreeExpenses:
    """The ledger's expenses that no row accounts for yet. named: the imports whose files name the accounts."""

    def __init__(self, expenses: Expenses, named: Collection[ObjectId] = ()) -> None:
        self.expenses, self.named = expenses, named
        self.taken: set[ObjectId] = set()

    def take(self, row: FileRow, day: date, fits: Callable[[StoredExpense], bool]) -> StoredExpense | None:
        """Remove and return an expense of that day that the row may duplicate."""
        candidates = self.expenses.get((row.entry.amount, row.entry.currency, day), [])
        for place, each in enumerate(candidates):
            is_other = each.batch in self.named and row.entry.account not in ("", each.account or row.entry.account)
            if not is_other and fits(each):
                self.taken |= {each.id} if each.id else set()
                return candidates.pop(place)
        return None


def _read_near(ledger_id: ObjectId, rows: Sequence[FileRow], taken: Collection[ObjectId]) -> Expenses:
    """The expenses near the rows' days, with the amount of one of them, that are neither taken nor in the trash."""
    wanted = {(row.entry.amount, row.entry.currency) for row in rows}
    days = [row.entry.spent_on for row in rows]
    amounts = [*map(Decimal128, {amount for amount, _currency in wanted})]
    match = entries_of(ledger_id, spent_on=_days_between(min(days), max(days)), amount={"$in": amounts})
    expenses: Expenses = defaultdict(list)
    found = collection(Expense, ExpenseDocument).find(match, dict.fromkeys(_COLUMNS, 1)).batch_size(ALL_AT_ONCE)
    for each in map(_read, found):
        amount, currency, day = decimal_of(each["amount"]), each["currency"], each["spent_on"].date()
        if (amount, currency) in wanted and each["_id"] not in taken:
            batch = each["import_batch"]
            like = StoredExpense(each["title"], day, batch is None, each["account"], batch, each["_id"])
            expenses[amount, currency, day].append(like)
    return expenses


class _Import(NamedTuple):
    """An import. names_accounts: whether its file does. first, last: the days of its expenses."""

    names_accounts: bool
    first: date
    last: date


def _read_imports(ledger_id: ObjectId, batches: set[ObjectId]) -> dict[ObjectId, _Import]:
    if not batches:
        return {}
    match = {LEDGER: ledger_id, "_id": {"$in": list(batches)}, "first_day": {"$type": "date"}}
    names = {"choices.source": 1, "first_day": 1, "last_day": 1}
    return {
        each["_id"]: _Import(
            (each.get("choices") or {}).get("source") == AccountSource.FILE,
            each["first_day"].date(),
            each["last_day"].date(),
        )
        for each in collection(ImportBatch).find(match, names)
    }


def _days_between(first: date, last: date) -> dict[str, datetime]:
    """A MongoDB filter for the days, and those around them whose expenses may match."""
    return {"$gte": midnight(first - timedelta(_DAYS_PENDING)), "$lte": midnight(last + timedelta(_DAYS_AWAY))}


def _take_nearest(free: FreeExpenses, row: FileRow, days: int) -> StoredExpense | None:
    """Remove and return an expense exactly `days` from the row. On other days only typed ones match."""
    for day in _days_around(row.entry.spent_on, days):
        if like := free.take(row, day, lambda each: each.typed or not days):
            return like
    return None


def _days_around(day: date, days: int) -> Iterable[date]:
    """The two days at this distance, the earlier one first, because banks book late."""
    return dict.fromkeys((day - timedelta(days=days), day + timedelta(days=days)))


def _take_pending(free: FreeExpenses, row: FileRow) -> StoredExpense | None:
    """Remove and return an imported expense of the days before whose title is part of the row's longer one."""
    title = f" {title_key(row.entry.title)}"

    def was_pending(each: StoredExpense) -> bool:
        start = f" {title_key(without_status(each.title))}"
        return not each.typed and len(start) > _LEAST_TITLE and start in title and start != title

    days = (row.entry.spent_on - timedelta(days=days) for days in range(1, _DAYS_PENDING + 1))
    return next((like for day in days if (like := free.take(row, day, was_pending))), None)

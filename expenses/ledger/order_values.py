"""Give expenses the order value that they lack, because their currency had no rate when they were entered."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import partial

from bson import Decimal128, ObjectId
from pymongo import UpdateOne

from expenses import rates
from expenses.ledger.rows_of_changes import in_chunks
from expenses.ledger.touch import touch_months
from expenses.models import Expense
from expenses.models.documents import ExpenseDocument
from expenses.models.unsure import Match
from expenses.money import ENDED
from finbrain.core import stored
from finbrain.core.decimals import decimal_of
from finbrain.core.past_the_orm import LEDGER, collection, current_session
from finbrain.core.transactions import run_in_transaction

_WITHOUT: Match = {"order_value": None}
_COLUMNS = ("amount", "currency", "spent_on")
_read = stored.reader(Expense, _COLUMNS)


def fill_order_values(today: date) -> int:
    """Value all expenses without an order value whose currency has rates now. Returns how many.

    Searches all expenses once, so call it when rates have changed and not for pages.
    """
    waiting = collection(Expense).distinct("currency", _WITHOUT)
    codes = [code for code in waiting if rates.order_value(Decimal(1), code, _last_day(code, today)) is not None]
    if not codes:
        return 0
    found = collection(Expense, ExpenseDocument).find({**_WITHOUT, "currency": {"$in": codes}}, {LEDGER: 1})
    ledgers: dict[ObjectId, list[ObjectId]] = {}
    for row in found:
        ledgers.setdefault(row[LEDGER], []).append(row["_id"])
    return sum(
        run_in_transaction(partial(_fill, ledger_id, chunk))
        for ledger_id, ids in ledgers.items()
        for chunk in in_chunks(ids)
    )


def _last_day(code: str, today: date) -> date:
    """Return the last day on which the currency could be spent."""
    return min(today, ENDED.get(code, today))


def _fill(ledger_id: ObjectId, ids: Sequence[ObjectId]) -> int:
    """Value expenses of a ledger that still lack it, and replace the tokens of their months."""
    expenses = collection(Expense)
    match = {LEDGER: ledger_id, "_id": {"$in": list(ids)}, **_WITHOUT}
    rows = list(map(_read, expenses.find(match, dict.fromkeys(_COLUMNS, 1), session=current_session())))
    days = [row["spent_on"].date() for row in rows]
    book = rates.rates_for((day, row["currency"]) for day, row in zip(days, rows, strict=True))
    updates = []
    for day, row in zip(days, rows, strict=True):
        value = book.order_value(decimal_of(row["amount"]), row["currency"], day)
        if value is not None:
            valued = {"$set": {"order_value": Decimal128(value)}}
            updates.append(UpdateOne({LEDGER: ledger_id, "_id": row["_id"]}, valued))
    if updates:
        expenses.bulk_write(updates, ordered=False, session=current_session())
        touch_months(ledger_id, days)
    return len(updates)

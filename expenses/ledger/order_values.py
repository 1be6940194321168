"""Compute again the approximate values by which lists are sorted, when a currency got its first rates."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import partial
from itertools import islice
from typing import Any

from bson import Decimal128, ObjectId
from pymongo import UpdateOne

from expenses import rates
from expenses.ledger.touch import touch_months
from expenses.models import Expense
from finbrain.core import stored
from finbrain.core.past_the_orm import LEDGER, collection, current_session
from finbrain.core.transactions import run_in_transaction

_AT_ONCE = 500
_COLUMNS = ("amount", "currency", "spent_on")
_read = stored.reader(Expense, _COLUMNS)


def refresh_order_values(codes: Sequence[str]) -> int:
    """Store the value of all expenses in these currencies, in every ledger. Return how many there are."""
    if not codes:
        return 0
    found = collection(Expense).find({"currency": {"$in": list(codes)}}, dict.fromkeys((LEDGER, *_COLUMNS), 1))
    rows, count = map(_read, found), 0
    while some := list(islice(rows, _AT_ONCE)):
        run_in_transaction(partial(_write, some, _updates(some)))
        count += len(some)
    return count


def _updates(rows: Sequence[dict[str, Any]]) -> list[UpdateOne]:
    """Build the updates. One of an expense that was edited in the meantime finds nothing: it has its new value."""
    book = rates.rates_for((row["spent_on"].date(), row["currency"]) for row in rows)
    updates = []
    for row in rows:
        value = book.order_value(row["amount"].to_decimal(), row["currency"], row["spent_on"].date())
        unchanged = {name: row[name] for name in ("_id", LEDGER, *_COLUMNS)}
        updates.append(UpdateOne(unchanged, {"$set": {"order_value": Decimal128(value)}}))
    return updates


def _write(rows: Sequence[dict[str, Any]], updates: list[UpdateOne]) -> None:
    collection(Expense).bulk_write(updates, ordered=False, session=current_session())
    days: dict[ObjectId, set[date]] = defaultdict(set)
    for row in rows:
        days[row[LEDGER]].add(row["spent_on"].date())
    for ledger_id, spent in days.items():
        touch_months(ledger_id, spent)

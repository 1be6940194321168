"""Replace the tokens of months, which makes everything cached for them outdated."""

from collections.abc import Iterable
from datetime import date

from bson import ObjectId
from pymongo import UpdateOne

from expenses.models.month_version import MonthVersion, month_key
from finbrain.core.past_the_orm import collection, current_session


def touch_months(ledger_id: ObjectId, days: Iterable[date]) -> None:
    """Replace the tokens of the months of `days`. Call it in the transaction that writes the expenses."""
    updates = [
        UpdateOne({"_id": key}, {"$set": {"token": str(ObjectId())}}, upsert=True)
        for key in sorted({month_key(ledger_id, day) for day in days})
    ]
    if updates:
        collection(MonthVersion).bulk_write(updates, session=current_session())

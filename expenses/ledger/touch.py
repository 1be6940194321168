"""Replace the tokens of months, which makes everything cached for them outdated."""

from collections.abc import Iterable
from datetime import date

from bson import ObjectId

from expenses.models.month_version import MonthVersion, month_key
from finbrain.core.past_the_orm import collection, current_session


def touch_months(ledger_id: ObjectId, days: Iterable[date]) -> None:
    """Replace the tokens of the months of `days`. Call it in the transaction that writes the expenses."""
    versions = collection(MonthVersion)
    for key in sorted({month_key(ledger_id, day) for day in days}):
        token = {"$set": {"token": str(ObjectId())}}
        versions.update_one({"_id": key}, token, upsert=True, session=current_session())

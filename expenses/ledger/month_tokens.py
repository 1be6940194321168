"""Reading and replacing the tokens of a person's months."""

from collections.abc import Iterable
from datetime import date

from bson import ObjectId

from expenses.models.month import MonthVersion, month_key
from finbrain.core.collections import collection, current_session

NEVER_WRITTEN = "0"
MANY_MONTHS = 1000  # MongoDB sends 101 in the first answer unless told


def touch_months(ledger_id: ObjectId, days: Iterable[date]) -> None:
    """Replace the tokens of the months in which `days` lie. Belongs into the transaction that writes the expenses."""
    versions = collection(MonthVersion)
    for key in sorted({month_key(ledger_id, day) for day in days}):
        token = {"$set": {"token": str(ObjectId())}}
        versions.update_one({"_id": key}, token, upsert=True, session=current_session())


def month_tokens(ledger_id: ObjectId, months: Iterable[date]) -> dict[date, str]:
    """The token of each month, in one round trip; a month that was never written to has one as well."""
    keys = {month_key(ledger_id, month): month for month in months}
    found = collection(MonthVersion).find({"_id": {"$in": list(keys)}})
    tokens = {keys[row["_id"]]: row["token"] for row in found}
    return {month: tokens.get(month, NEVER_WRITTEN) for month in keys.values()}


def all_tokens(ledger_id: ObjectId) -> dict[date, str]:
    """The tokens of all months that the ledger has ever had an entry in: one round trip, one range of the index."""
    own = {"_id": {"$gte": f"{ledger_id}:", "$lt": f"{ledger_id};"}}
    found = collection(MonthVersion).find(own, batch_size=MANY_MONTHS)
    return {date.fromisoformat(f"{row['_id'].partition(':')[2]}-01"): row["token"] for row in found}

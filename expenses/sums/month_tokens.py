"""The tokens under which sums are kept. `ledger.touch` replaces them with every write."""

from collections.abc import Iterable
from datetime import date

from bson import ObjectId

from expenses.models.month import MonthVersion, month_key
from finbrain.core.collections import collection

NEVER_WRITTEN = "0"
# MongoDB sends 101 documents in its first answer unless told otherwise.
_MANY_MONTHS = 1000


def month_tokens(ledger_id: ObjectId, months: Iterable[date]) -> dict[date, str]:
    """The token of each month, in one round trip; a month that was never written to has one as well."""
    keys = {month_key(ledger_id, month): month for month in months}
    found = collection(MonthVersion).find({"_id": {"$in": list(keys)}})
    tokens = {keys[row["_id"]]: row["token"] for row in found}
    return {month: tokens.get(month, NEVER_WRITTEN) for month in keys.values()}


def all_tokens(ledger_id: ObjectId) -> dict[date, str]:
    """The tokens of all months that the ledger has ever had an entry in: one round trip, one range of the index."""
    own = {"_id": {"$gte": f"{ledger_id}:", "$lt": f"{ledger_id};"}}
    found = collection(MonthVersion).find(own, batch_size=_MANY_MONTHS)
    return {date.fromisoformat(f"{row['_id'].partition(':')[2]}-01"): row["token"] for row in found}

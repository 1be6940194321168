"""Read the tokens under which sums are cached. `ledger.touch` replaces them with every write."""

from collections.abc import Iterable
from datetime import date

from bson import ObjectId

from expenses.models.month_version import MonthVersion, month_key
from finbrain.core import stored
from finbrain.core.past_the_orm import collection

NEVER_WRITTEN = "0"
# By default MongoDB's first answer has only 101 documents, which would cost a second round trip.
_MANY_MONTHS = 1000
_read = stored.reader(MonthVersion, ("token",))


def month_tokens(ledger_id: ObjectId, months: Iterable[date]) -> dict[date, str]:
    """Return the token of each month, in one round trip. A month without any write gets NEVER_WRITTEN."""
    keys = {month_key(ledger_id, month): month for month in months}
    found = map(_read, collection(MonthVersion).find({"_id": {"$in": list(keys)}}))
    tokens = {keys[row["_id"]]: row["token"] for row in found}
    return {month: tokens.get(month, NEVER_WRITTEN) for month in keys.values()}


def all_tokens(ledger_id: ObjectId) -> dict[date, str]:
    """Return the tokens of all months in which the ledger ever had an expense, in one round trip."""
    own = {"_id": {"$gte": f"{ledger_id}:", "$lt": f"{ledger_id};"}}
    found = map(_read, collection(MonthVersion).find(own, batch_size=_MANY_MONTHS))
    return {date.fromisoformat(f"{row['_id'].partition(':')[2]}-01"): row["token"] for row in found}

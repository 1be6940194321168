"""Replace the tokens of months, which makes everything cached for them outdated."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from bson import ObjectId
from pymongo import UpdateOne

from expenses.models.month_version import MonthVersion, month_key
from finbrain.core.past_the_orm import collection, current_session
from finbrain.core.stored import text


class Touched(NamedTuple):
    """The tokens of a calendar month before and after a write. before: "" if it never had one."""

    before: str
    after: str

    def undone(self, tokens: Mapping[date, str]) -> dict[date, str]:
        """Return the tokens from `sums.month_tokens` as they were before the write.

        If there was another write to the month since, this one's token is gone, and they stay as they are.
        """
        return {month: token.replace(self.after, self.before) for month, token in tokens.items()}


def touch_months(ledger_id: ObjectId, days: Iterable[date]) -> None:
    """Replace the tokens of the months of `days`. Call it in the transaction that writes the expenses."""
    keys = sorted({month_key(ledger_id, day) for day in days})
    tokens = [UpdateOne({"_id": key}, {"$set": {"token": str(ObjectId())}}, upsert=True) for key in keys]
    if tokens:
        collection(MonthVersion).bulk_write(tokens, session=current_session())


def touch_month(ledger_id: ObjectId, day: date) -> Touched:
    """Replace the token of the month of `day`, like `touch_months`, and return both."""
    key, token = {"_id": month_key(ledger_id, day)}, str(ObjectId())
    before = collection(MonthVersion).find_one_and_update(
        key, {"$set": {"token": token}}, {"token": 1}, upsert=True, session=current_session()
    )
    return Touched(text((before or {}).get("token")), token)

"""Replace the tokens of months, which makes everything cached for them outdated."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from bson import ObjectId
from pymongo import UpdateOne

from expenses.models.month_version import MonthVersion, month_key
from finbrain.core.past_the_orm import collection, current_session
from finbrain.core.stored import text

# How many writes to a month are remembered. Sums that are older than these are added up in full.
_REMEMBERED = 20


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
    """Replace the tokens of the months of `days`. Call it in the transaction that writes the expenses.

    days: of every expense that changes, before and after. Only these days are added up again.
    """
    months: dict[str, list[date]] = defaultdict(list)
    for day in days:
        months[month_key(ledger_id, day)].append(day)
    tokens = [
        UpdateOne({"_id": key}, _replace_token(str(ObjectId()), written), upsert=True)
        for key, written in sorted(months.items())
    ]
    if tokens:
        collection(MonthVersion).bulk_write(tokens, session=current_session())


def touch_month(ledger_id: ObjectId, day: date) -> Touched:
    """Replace the token of the month of `day`, like `touch_months`, and return both."""
    key, token = {"_id": month_key(ledger_id, day)}, str(ObjectId())
    before = collection(MonthVersion).find_one_and_update(
        key, _replace_token(token, [day]), {"token": 1}, upsert=True, session=current_session()
    )
    return Touched(text((before or {}).get("token")), token)


def _replace_token(token: str, days: Sequence[date]) -> list[dict[str, Any]]:
    """Build the update of a month's document. Each change names the token before it.

    An earlier release replaces only the token. That breaks the chain, so the whole month is added up while both serve.
    """
    change = {"before": "$token", "after": token, "first": min(days).day, "last": max(days).day}
    changes = {"$cond": [{"$isArray": "$changes"}, "$changes", []]}
    return [
        {"$set": {"token": token, "changes": {"$slice": [{"$concatArrays": [changes, [change]]}, -_REMEMBERED]}}},
    ]

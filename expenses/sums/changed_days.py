"""Find the days of a month that were written since a token, so that only these are added up again."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from bson import ObjectId

from expenses.models.documents import MonthVersionDocument
from expenses.models.month_version import MonthVersion, month_key
from expenses.months import day_in, first_of, last_of
from expenses.sums.month_tokens import calendar_parts
from finbrain.core import stored
from finbrain.core.past_the_orm import collection

_CHANGES = ("changes",)
_read = stored.reader(MonthVersion, _CHANGES)


def changed_days(ledger_id: ObjectId, month: date, before: str, now: str) -> list[date] | None:
    """Return the first and the last day of each write between two tokens of a month. None if a write is missing.

    One is after more than 20, and after one of a release that didn't store its days.
    """
    parts = calendar_parts(month)
    old, new = before.split("."), now.split(".")
    if not len(parts) <= len(old) == len(new) or old[: -len(parts)] != new[: -len(parts)]:
        return None  # the month begins on another day now
    keys = [month_key(ledger_id, part) for part in parts]
    found = collection(MonthVersion, MonthVersionDocument).find({"_id": {"$in": keys}}, dict.fromkeys(_CHANGES, 1))
    changes = {row["_id"]: row["changes"] for row in map(_read, found)}
    days: list[date] = []
    for part, key, was, current in zip(parts, keys, old[-len(parts) :], new[-len(parts) :], strict=True):
        written = _written(changes.get(key, []), was, current)
        if written is None:
            return None
        for span in written:
            first, last = (day_in(part, number) for number in span)
            if first <= last_of(month) and last >= first_of(month):  # a calendar month's days may belong to two months
                days += [max(first, first_of(month)), min(last, last_of(month))]
    return days


def _written(changes: Sequence[Any], before: str, now: str) -> list[tuple[int, int]] | None:
    """Follow the changes from one token to another, and return the first and last day of each."""
    days: list[tuple[int, int]] = []
    for change in changes:
        if before == now:
            break
        match change:
            case {"before": str(was), "after": str(after), "first": int(first), "last": int(last)} if was == before:
                days.append((first, last))
                before = after
    return days if before == now and all(0 < day < 32 for span in days for day in span) else None

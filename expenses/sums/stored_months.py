"""Stores what long months that are over add up to, because the cache forgets and adding up 2,000 entries takes long.

Short months aren't worth it, and the current month would be stored after each write.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import islice

import pymongo
from bson import ObjectId
from django.utils import timezone
from pymongo import UpdateOne
from pymongo.errors import PyMongoError
from pymongo.write_concern import WriteConcern

from expenses.models.documents import MonthVersionDocument, StoredSumsDocument
from expenses.models.month_version import MonthVersion, month_key
from expenses.models.stored_sums import StoredSums
from expenses.months import add_months, last_of
from expenses.sums.month_sums import MonthSums
from expenses.sums.month_tokens import NEVER_WRITTEN, month_tokens
from finbrain.core import stored
from finbrain.core.past_the_orm import collection
from finbrain.core.sealed_cache import seal, unseal

# Months with fewer entries are added up in a few milliseconds.
LONG = 200
# The page must not run out of time because of what it stores.
_WRITE_SECONDS = 0.3
# Read together by `forget_outdated_sums`.
_AT_ONCE = 1_000
_read = stored.reader(StoredSums, ("made_for", "sums"))
_read_token = stored.reader(MonthVersion, ("token",))

logger = logging.getLogger(__name__)


def read_stored_sums(ledger_id: ObjectId, display: str, made_for: Mapping[date, str]) -> dict[date, MonthSums]:
    """Return the stored sums of those months that have any, with one query if a month is over.

    display: the currency to show. made_for: what the sums of each month depend on. Sums that were made for something
    else are left out.
    """
    keys = {_key(ledger_id, month, display): month for month in made_for if _is_over(month)}
    if not keys:
        return {}
    match = {"_id": {"$in": [*keys]}, "made_for": {"$in": [made_for[month] for month in keys.values()]}}
    found = collection(StoredSums, StoredSumsDocument).find(match, batch_size=len(keys) + 1)
    opened = {keys[row["_id"]]: _open(row) for row in map(_read, found)}
    return {month: MonthSums.from_json(json.loads(content)) for month, content in opened.items() if content}


def store_sums(ledger_id: ObjectId, display: str, made_for: Mapping[date, str], sums: Mapping[date, MonthSums]) -> None:
    """Store the sums of those months that are long and over. A failure is only logged."""
    long = {month: each for month, each in sums.items() if each.count() >= LONG and _is_over(month)}
    if not long:
        return
    stored_sums = collection(StoredSums).with_options(write_concern=WriteConcern(w=1))
    writes = [_write(_key(ledger_id, month, display), made_for[month], each) for month, each in long.items()]
    try:
        with pymongo.timeout(_WRITE_SECONDS):
            stored_sums.bulk_write(writes, ordered=False)
            # The ledger may have been deleted while its months were added up, tokens first.
            tokens = month_tokens(ledger_id, long)
            if gone := [month for month, token in tokens.items() if token == NEVER_WRITTEN]:
                stored_sums.delete_many({"_id": {"$in": [_key(ledger_id, month, display) for month in gone]}})
    except PyMongoError as error:
        logger.warning("Sums could not be stored (%s)", type(error).__name__)


def forget_outdated_sums() -> int:
    """Delete the sums whose months have changed since, in all ledgers, and return how many.

    They would stay if nobody looked at the month again, with the titles of entries that were deleted.
    """
    rows = map(_read, collection(StoredSums, StoredSumsDocument).find({}, {"made_for": 1}))
    return sum(_forget_outdated(part) for part in iter(lambda: list(islice(rows, _AT_ONCE)), []))


def _forget_outdated(rows: Sequence[StoredSumsDocument]) -> int:
    made_for = {row["_id"]: _tokens_in(row) for row in rows}
    wanted = [key for tokens in made_for.values() for key in tokens]
    found = collection(MonthVersion, MonthVersionDocument).find({"_id": {"$in": wanted}}, {"token": 1})
    current = {row["_id"]: row["token"] for row in map(_read_token, found)}
    outdated = [
        each
        for each, tokens in made_for.items()
        if any(current.get(key, NEVER_WRITTEN) != token for key, token in tokens.items())
    ]
    return collection(StoredSums).delete_many({"_id": {"$in": outdated}}).deleted_count if outdated else 0


def _tokens_in(row: StoredSumsDocument) -> dict[str, str]:
    """Return the tokens for which sums were made, of one calendar month or of two, by `month_key`."""
    ledger, month = row["_id"].split(":")[:2]
    tokens = row["made_for"].partition(":")[2].partition(":")[0].split(".")
    first = date.fromisoformat(f"{month}-01")
    return {month_key(ObjectId(ledger), add_months(first, n)): token for n, token in enumerate(tokens[-2:])}


def _key(ledger_id: ObjectId, month: date, display: str) -> str:
    return f"{month_key(ledger_id, month)}:{display}"


def _seal_name(key: str, made_for: str) -> str:
    return f"{key}:{made_for}"


def _open(row: StoredSumsDocument) -> bytes | None:
    return unseal(_seal_name(row["_id"], row["made_for"]), row["sums"])


def _write(key: str, made_for: str, sums: MonthSums) -> UpdateOne:
    content = json.dumps(sums.to_json(), separators=(",", ":"), ensure_ascii=False).encode()
    values = {"made_for": made_for, "sums": seal(_seal_name(key, made_for), content)}
    return UpdateOne({"_id": key}, {"$set": values}, upsert=True)


def _is_over(month: date) -> bool:
    return last_of(month) < timezone.localdate()

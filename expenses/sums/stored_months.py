"""Stores what long months that are over add up to, because the cache forgets and adding up 2,000 entries takes long.

Short months aren't worth it, and the current month would be stored after each write.
"""

import json
import logging
from collections.abc import Mapping
from datetime import date

from bson import ObjectId
from django.utils import timezone
from pymongo import UpdateOne
from pymongo.errors import PyMongoError
from pymongo.write_concern import WriteConcern

from expenses.models.documents import StoredSumsDocument
from expenses.models.month_version import month_key
from expenses.models.stored_sums import StoredSums
from expenses.months import last_of
from expenses.sums.month_sums import MonthSums
from finbrain.core import stored
from finbrain.core.past_the_orm import collection

# Months with fewer entries are added up in a few milliseconds.
LONG = 200
_COLUMNS = ("made_for", "sums")
_read = stored.reader(StoredSums, _COLUMNS)

logger = logging.getLogger(__name__)


def read_stored_sums(ledger_id: ObjectId, made_for: Mapping[date, str]) -> dict[date, MonthSums]:
    """Return the stored sums of those months that have any, with one query if a month is over.

    made_for: what the sums of each month depend on. Sums that were made for something else are left out.
    """
    keys = {month_key(ledger_id, month): month for month in made_for if _is_over(month)}
    if not keys:
        return {}
    found = collection(StoredSums, StoredSumsDocument).find({"_id": {"$in": [*keys]}}, batch_size=len(keys) + 1)
    months = {keys[row["_id"]]: row for row in map(_read, found)}
    fresh = {month: row["sums"] for month, row in months.items() if row["made_for"] == made_for[month]}
    return {month: sums for month, content in fresh.items() if (sums := _decode(content)) is not None}


def _encode(sums: MonthSums) -> bytes:
    return json.dumps(sums.to_json(), separators=(",", ":")).encode()


def _is_over(month: date) -> bool:
    return last_of(month) < timezone.localdate()


def _decode(content: bytes) -> MonthSums | None:
    try:
        return MonthSums.from_json(json.loads(content))
    except (ValueError, TypeError):
        logger.warning("Dropped stored sums that can't be read")
        return None


def store_sums(ledger_id: ObjectId, made_for: Mapping[date, str], sums: Mapping[date, MonthSums]) -> None:
    """Store the sums of those months that are long and over, in one round trip. A failure is only logged."""
    writes = [
        UpdateOne(
            {"_id": month_key(ledger_id, month)},
            {"$set": {"made_for": made_for[month], "sums": _encode(content)}},
            upsert=True,
        )
        for month, content in sums.items()
        if content.count() >= LONG and _is_over(month)
    ]
    if not writes:
        return
    try:
        collection(StoredSums).with_options(write_concern=WriteConcern(w=1)).bulk_write(writes, ordered=False)
    except PyMongoError as error:
        logger.warning("Sums could not be stored (%s)", type(error).__name__)

"""Fingerprints, which recognise the same movement of money in two files.

A fingerprint is made of day, amount and currency and the bank's id for the movement. The id alone is not enough: some
banks count from 1 in every file. Without an id, it uses the title and its ordinal among identical rows of the file: two
equal coffees on one day stay two, in every file that has both.
"""

import hmac
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bson import ObjectId
from django.conf import settings
from pymongo import UpdateOne

from expenses.models import Fingerprint, title_key
from expenses.statements.statement import Entry
from finbrain.core.past_the_orm import LEDGER, collection, current_session

_LENGTH = 32
# Rows per batch of a cursor. They are short.
ALL_AT_ONCE = 200_000


@dataclass(frozen=True)
class FileRow:
    """An entry of a file with its fingerprint. number: its index among the file's entries, from 0."""

    number: int
    fingerprint: str
    entry: Entry


def file_rows(ledger_id: ObjectId, entries: Sequence[Entry]) -> list[FileRow]:
    """Add fingerprints to a file's entries. Two are equal only if the bank gave both movements the same id."""
    seen: Counter[tuple[str, ...]] = Counter()
    rows = []
    for number, entry in enumerate(entries):
        movement = _movement_key(entry)
        if entry.bank_id:
            key = ("bank", *movement, entry.bank_id)
        else:
            plain = (*movement, " ".join(title_key(entry.title).split()))
            seen[plain] += 1
            key = (*plain, str(seen[plain]))
        rows.append(FileRow(number, keyed_hash(ledger_id, *key), entry))
    return rows


def _movement_key(entry: Entry) -> tuple[str, ...]:
    return entry.spent_on.isoformat(), f"{entry.amount.normalize():f}", entry.currency


def keyed_hash(*parts: object) -> str:
    """Hash the parts with SECRET_KEY.

    A fingerprint outlives its expense, so nobody without the key may learn anything about the parts from it.
    """
    text = "\0".join(map(str, parts))
    return hmac.digest(settings.SECRET_KEY.encode(), b"fingerprint\0" + text.encode(), "sha256").hex()[:_LENGTH]


def seen_before(ledger_id: ObjectId, rows: Iterable[FileRow]) -> set[str]:
    """The fingerprints of `rows` that were imported before. For the preview: on writing, the unique index decides."""
    wanted = {LEDGER: ledger_id, "fingerprint": {"$in": [row.fingerprint for row in rows]}}
    found = collection(Fingerprint).find(wanted, {"fingerprint": 1, "_id": 0})
    return {each["fingerprint"] for each in found.batch_size(ALL_AT_ONCE)}


def claim_fingerprints(ledger_id: ObjectId, batch_id: ObjectId, rows: Sequence[FileRow]) -> list[FileRow]:
    """Store the fingerprints, inside a transaction. Returns the rows whose fingerprints are new."""
    upserts = [
        UpdateOne(
            {LEDGER: ledger_id, "fingerprint": row.fingerprint}, {"$setOnInsert": {"batch": batch_id}}, upsert=True
        )
        for row in rows
    ]
    if not upserts:
        return []
    stored = collection(Fingerprint)
    done = stored.bulk_write(upserts, ordered=False, session=current_session())
    return [rows[place] for place in sorted(done.upserted_ids or ())]


def forget_fingerprints(ledger_id: ObjectId, batch_id: ObjectId) -> None:
    """Delete the import's fingerprints, so that its rows can be imported again."""
    collection(Fingerprint).delete_many({LEDGER: ledger_id, "batch": batch_id})

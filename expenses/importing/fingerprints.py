"""What makes a movement of money the same one in two files.

Its day, amount and currency, with what the bank calls it, for some banks count from 1 in every file; or else with its
title and the how-manieth of those it is in its file: two equal coffees on one day are two, in every file that holds
both.
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
from finbrain.core.collections import LEDGER, collection, current_session

_LENGTH = 32
# Rows in one answer: they are short.
ALL_AT_ONCE = 200_000


@dataclass(frozen=True)
class FileRow:
    """An entry of a file. number: its place among the file's entries, counted from 0."""

    number: int
    fingerprint: str
    entry: Entry


def file_rows(ledger_id: ObjectId, entries: Sequence[Entry]) -> list[FileRow]:
    """The entries with their fingerprints. Two of one file are alike only where the bank gave both the same name."""
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
    """Tells nothing about the parts without SECRET_KEY: a fingerprint stays when its expense is deleted for good."""
    text = "\0".join(map(str, parts))
    return hmac.digest(settings.SECRET_KEY.encode(), b"fingerprint\0" + text.encode(), "sha256").hex()[:_LENGTH]


def seen_before(ledger_id: ObjectId, rows: Iterable[FileRow]) -> set[str]:
    """Those fingerprints of `rows` that came in before; for the preview only, the unique index decides when writing."""
    wanted = {LEDGER: ledger_id, "fingerprint": {"$in": [row.fingerprint for row in rows]}}
    found = collection(Fingerprint).find(wanted, {"fingerprint": 1, "_id": 0})
    return {each["fingerprint"] for each in found.batch_size(ALL_AT_ONCE)}


def claim_fingerprints(ledger_id: ObjectId, batch_id: ObjectId, rows: Sequence[FileRow]) -> list[FileRow]:
    """Inside a transaction: store the fingerprints; returns the rows whose fingerprint nobody had stored before."""
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
    """Let everything that came in by this import come in again."""
    collection(Fingerprint).delete_many({LEDGER: ledger_id, "batch": batch_id})

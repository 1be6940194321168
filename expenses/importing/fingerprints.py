"""Fingerprints, which recognise the same movement of money in two files.

A fingerprint is made of day, amount and currency, the account if it is known, and the bank's id for the movement. The
id alone is not enough: some banks count from 1 in every file. Without an id, it uses the title and its ordinal among
identical rows of the file: two equal coffees on one day stay two, in every file that has both.

Earlier releases left the account out, as it is still left out where it is unknown. So each row also has the fingerprint
without its account, and a row that was imported under that one is known, unless it was imported from another account.
"""

import hmac
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import NamedTuple

from bson import ObjectId
from django.conf import settings
from pymongo import UpdateOne

from expenses.models import Expense, Fingerprint, plain_key
from expenses.models.documents import FingerprintDocument
from expenses.statements.statement import Entry
from finbrain.core.past_the_orm import LEDGER, collection, current_session

_LENGTH = 32
# Bytes of a hash that is only compared within a file.
_SHORT = 8
# How often each movement occurs in a file so far, by a short hash: 100,000 of them take a megabyte.
Seen = Counter[int]
# Rows per batch of a cursor. They are short.
ALL_AT_ONCE = 200_000


class FileRow(NamedTuple):
    """An entry of a file with its fingerprint.

    number: its index among the file's entries, from 0. bare: its fingerprint without the account, while planning.
    """

    number: int
    fingerprint: str
    entry: Entry
    bare: str = ""


def file_rows(
    ledger_id: ObjectId,
    entries: Sequence[Entry],
    accounts: Sequence[str] = (),
    seen: Seen | None = None,
    first: int = 0,
) -> list[FileRow]:
    """Add fingerprints to a file's entries. Two are equal only if the bank gave both movements the same id.

    accounts: of each entry, "" where it is unknown. seen: the movements of the file's earlier pieces, to which it adds
    these. first: the number of the first entry.
    """
    seen = Counter() if seen is None else seen
    rows = []
    for number, (entry, account) in enumerate(zip(entries, accounts or [""] * len(entries), strict=True), first):
        movement = _movement_of(entry)
        bare = _fingerprint(ledger_id, movement, entry.bank_id, seen)
        full = _fingerprint(ledger_id, f"account\0{account}\0{movement}", entry.bank_id, seen) if account else bare
        rows.append(FileRow(number, full, entry, bare))
    return rows


def _movement_of(entry: Entry) -> str:
    """What identifies an entry, except for the bank's id."""
    movement = f"{entry.spent_on.isoformat()}\0{entry.amount.normalize():f}\0{entry.currency}"
    return movement if entry.bank_id else f"{movement}\0{' '.join(plain_key(entry.title).split())}"


def _fingerprint(ledger_id: ObjectId, movement: str, bank_id: str, seen: Seen) -> str:
    """The fingerprint of a movement. seen: counts identical ones, unless the bank tells them apart."""
    if bank_id:
        return keyed_hash(ledger_id, "bank", movement, bank_id)
    key = _short_hash(movement)
    seen[key] += 1
    return keyed_hash(ledger_id, movement, seen[key])


def _short_hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=_SHORT).digest())


def repeated(rows: Iterable[FileRow], seen: Seen) -> set[int]:
    """The numbers of the rows whose bank's id an earlier row of the file has. seen: as in `file_rows`."""
    found = set()
    for row in rows:
        if row.entry.bank_id:
            key = _short_hash(row.fingerprint)
            if seen[key]:
                found.add(row.number)
            seen[key] += 1
    return found


def pack_seen(seen: Seen) -> bytes:
    """Pack the counts of a file's movements for its next piece; `unpack_seen` reverses it."""
    return array("Q", seen.elements()).tobytes()


def unpack_seen(content: bytes) -> Seen:
    return Counter(array("Q", content))


def keyed_hash(*parts: object) -> str:
    """Hash the parts with SECRET_KEY.

    A fingerprint outlives its expense, so nobody without the key may learn anything about the parts from it.
    """
    text = "\0".join(map(str, parts))
    return hmac.digest(settings.SECRET_KEY.encode(), b"fingerprint\0" + text.encode(), "sha256").hex()[:_LENGTH]


def seen_before(ledger_id: ObjectId, rows: Sequence[FileRow]) -> set[str]:
    """The fingerprints of `rows` that were imported before. For the preview: on writing, the unique index decides."""
    possible = {one for row in rows for one in (row.fingerprint, row.bare)}
    wanted = {LEDGER: ledger_id, "fingerprint": {"$in": list(possible)}}
    found = collection(Fingerprint, FingerprintDocument).find(wanted, {"fingerprint": 1, "batch": 1, "_id": 0})
    batches = {each["fingerprint"]: each["batch"] for each in found.batch_size(ALL_AT_ONCE)}
    bare = [row for row in rows if row.bare in batches and row.fingerprint not in batches]
    accounts = _accounts_of(ledger_id, {batches[row.bare] for row in bare}) if bare else {}
    others = {row.fingerprint for row in bare if _is_of_another(row, accounts[batches[row.bare]])}
    seen = {row.fingerprint for row in rows if row.fingerprint in batches or row.bare in batches}
    return seen - others


def _is_of_another(row: FileRow, accounts: set[str]) -> bool:
    """Whether a row's account is known and differs from all those of an earlier import."""
    return bool(row.entry.account and accounts) and accounts.isdisjoint({"", row.entry.account})


def _accounts_of(ledger_id: ObjectId, batches: set[ObjectId]) -> dict[ObjectId, set[str]]:
    """The accounts of the expenses of imports, "" for expenses without one."""
    match = {LEDGER: ledger_id, "import_batch": {"$in": list(batches)}}
    each = {"$group": {"_id": {"batch": "$import_batch", "account": "$account"}}}
    found: dict[ObjectId, set[str]] = defaultdict(set)
    for row in collection(Expense).aggregate([{"$match": match}, each], hint="expense_by_import"):
        found[row["_id"]["batch"]].add(row["_id"].get("account") or "")
    return found


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

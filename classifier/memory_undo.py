"""Put a ledger's memory back exactly as it was before a change, as long as nothing else has changed it since."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, cast

from bson import ObjectId
from pymongo import DeleteOne, UpdateOne

from classifier.documents import MemoryBefore, MemoryDocument
from classifier.memory import Change, next_state, write_memories
from classifier.models import Memory
from classifier.pack import text_key
from classifier.text import normalise
from finbrain.core import stored
from finbrain.core.past_the_orm import LEDGER, collection, current_session
from finbrain.core.transactions import transaction

_KEPT = ("title", "category", "counts", "kinds")
_read = stored.reader(Memory, ("text", *_KEPT, "revision"))
# Texts with what was remembered of them, None if nothing was. MongoDB stores each pair as a list.
Earlier = list[tuple[str, MemoryBefore | None]]


def snapshot(ledger_id: ObjectId, titles: Iterable[str]) -> Earlier:
    """Return what is remembered of these titles, to store it with the change that follows in this transaction."""
    return snapshot_of(ledger_id, sorted({normalise(title) for title in titles} - {""}))


def snapshot_of(ledger_id: ObjectId, texts: Sequence[str]) -> Earlier:
    """Return what is remembered of these normalised texts."""
    found = {row["text"]: _before(row) for row in _rows(ledger_id, texts)}
    return [(text, found.get(text)) for text in texts]


def _before(row: MemoryDocument) -> MemoryBefore:
    return cast(MemoryBefore, {name: row.get(name) for name in _KEPT})


def put_back(ledger_id: ObjectId, earlier: Earlier, revisions: Collection[int]) -> tuple[set[str], int]:
    """Restore a snapshot, and return the restored texts and the new revision, 0 if nothing was restored.

    revisions: those of the change. A text that another change wrote since then stays as it is.
    """
    before = dict(earlier)
    with transaction():
        now = {row["text"]: row for row in _rows(ledger_id, list(before))}
        mine = [text for text, row in now.items() if row["revision"] in revisions]
        mine += [text for text, values in before.items() if values and text not in now]
        if not mine:
            return set(), 0
        revision = next_state(ledger_id, [text_key(text) for text in mine if before[text] is None])["revision"]
        write_memories([_restore({LEDGER: ledger_id, "text": text}, before[text], revision) for text in mine])
    return set(mine), revision


def _restore(row: Mapping[str, Any], before: MemoryBefore | None, revision: int) -> Change:
    if before is None:
        return DeleteOne(row)
    return UpdateOne(row, {"$set": {**before, "revision": revision}}, upsert=True)


def _rows(ledger_id: ObjectId, texts: Sequence[str]) -> list[MemoryDocument]:
    if not texts:
        return []
    query = {LEDGER: ledger_id, "text": {"$in": list(texts)}}
    found = collection(Memory, MemoryDocument).find(query, session=current_session())
    return [cast(MemoryDocument, _read(row)) for row in found]

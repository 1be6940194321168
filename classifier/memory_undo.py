"""Put a ledger's memory back exactly as it was before a change, as long as nothing else has changed it since."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, cast

from bson import ObjectId
from pymongo import DeleteOne, UpdateOne

from classifier.documents import MemoryDocument
from classifier.memory import Change, next_state, write_memories
from classifier.models import Memory
from classifier.personal import text_key
from classifier.text import normalise
from finbrain.core import stored
from finbrain.core.past_the_orm import LEDGER, collection, current_session
from finbrain.core.transactions import transaction

_KEPT = ("title", "category", "counts", "kinds")
_read = stored.reader(Memory, ("text", *_KEPT, "revision"))
Earlier = list[list[Any]]
"""A text, and what was remembered of it, or None if nothing was."""


def snapshot(ledger_id: ObjectId, titles: Iterable[str]) -> Earlier:
    """Return what is remembered of these titles, to store it with the change that follows in this transaction."""
    texts = sorted({normalise(title) for title in titles} - {""})
    found = {row["text"]: {name: row[name] for name in _KEPT} for row in _rows(ledger_id, texts)}
    return [[text, found.get(text)] for text in texts]


def put_back(ledger_id: ObjectId, earlier: Earlier, revisions: Collection[int]) -> tuple[set[str], int]:
    """Restore a snapshot, and return the restored texts and the new revision, 0 if nothing was restored.

    revisions: those of the change. A text that another change wrote since then stays as it is.
    """
    before = {text: values for text, values in earlier}
    with transaction():
        rows = [row for row in _rows(ledger_id, list(before)) if row["revision"] in revisions]
        # A text that the change itself forgot has no row to compare, and is restored by learning it again.
        if not rows:
            return set(), 0
        gone = [text_key(row["text"]) for row in rows if before[row["text"]] is None]
        revision = next_state(ledger_id, gone)["revision"]
        write_memories([_restore(row, before[row["text"]], revision) for row in rows])
    return {row["text"] for row in rows}, revision


def _restore(row: MemoryDocument, before: dict[str, Any] | None, revision: int) -> Change:
    if before is None:
        return DeleteOne({"_id": row["_id"]})
    return UpdateOne({"_id": row["_id"]}, {"$set": before | {"revision": revision}})


def _rows(ledger_id: ObjectId, texts: Sequence[str]) -> list[MemoryDocument]:
    if not texts:
        return []
    query = {LEDGER: ledger_id, "text": {"$in": list(texts)}}
    found = collection(Memory, MemoryDocument).find(query, session=current_session())
    return [cast(MemoryDocument, _read(row)) for row in found]

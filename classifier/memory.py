"""Remember what a person confirmed or changed, for their own suggestions.

Call these in the same transaction as the write to the expense: the state of the memory changes with it, so that the
next suggestion sees it, and no old copy in a cache is ever taken for current (see `recall`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from bson import ObjectId
from pymongo import DeleteOne, ReplaceOne, ReturnDocument, UpdateOne

from classifier import recall
from classifier.categories import CATEGORIES
from classifier.documents import MemoryDocument, MemoryStateDocument, RemovedText
from classifier.models import Memory, MemoryState
from classifier.personal import text_key
from classifier.text import normalise
from finbrain.core.collections import LEDGER, collection, current_session
from finbrain.core.transactions import transaction

MOST_REMOVED = 200
PART = 500

Change = UpdateOne | ReplaceOne[MemoryDocument] | DeleteOne


def learn(ledger_id: ObjectId, text: str, category: str) -> None:
    """A person confirmed or chose `category` for this title: from now on it decides for the same text."""
    learn_many(ledger_id, [(text, category)])


def unlearn(ledger_id: ObjectId, text: str, category: str) -> None:
    """Take back one `learn` with the same arguments; without one, nothing happens."""
    unlearn_many(ledger_id, [(text, category)])


def learn_many(ledger_id: ObjectId, pairs: Iterable[tuple[str, str]]) -> None:
    """Learn (title, category) pairs, the last one of a text being the latest; raises ValueError for no category."""
    rows = [(normalise(title), title[:400], _checked(category)) for title, category in pairs]
    rows = [row for row in rows if row[0]]
    if not rows:
        return
    with transaction():
        revision = _next_state(ledger_id)["revision"]
        updates = [
            UpdateOne(
                {LEDGER: ledger_id, "text": text},
                {
                    "$inc": {f"counts.{category}": 1},
                    "$set": {"title": title, "category": category, "revision": revision},
                },
                upsert=True,
            )
            for text, title, category in rows
        ]
        _write_memories(updates)


def unlearn_many(ledger_id: ObjectId, pairs: Iterable[tuple[str, str]]) -> None:
    """Take back (title, category) pairs."""
    taken: dict[str, list[str]] = defaultdict(list)
    for title, category in pairs:
        taken[normalise(title)].append(category)
    with transaction():
        query = {LEDGER: ledger_id, "text": {"$in": list(taken)}}
        if found := list(collection(Memory, MemoryDocument).find(query, session=current_session())):
            _take_back(ledger_id, found, taken)


def forget_ledger(ledger_id: ObjectId) -> None:
    """Delete everything that was remembered for this ledger, in parts as in `_write_memories`."""
    rows, mine = collection(Memory), {LEDGER: ledger_id}
    while part := [row["_id"] for row in rows.find(mine, {"_id": 1}, session=current_session()).limit(PART)]:
        rows.delete_many(mine | {"_id": {"$in": part}}, session=current_session())
    collection(MemoryState).delete_one({"_id": ledger_id}, session=current_session())
    recall.forget_copies(ledger_id)


def _take_back(ledger_id: ObjectId, found: list[MemoryDocument], taken: dict[str, list[str]]) -> None:
    kept: list[MemoryDocument] = []
    gone: list[MemoryDocument] = []
    for row in found:
        for category in taken[row["text"]]:
            row["counts"][category] = row["counts"].get(category, 0) - 1
        row["counts"] = {category: count for category, count in row["counts"].items() if count > 0}
        (kept if row["counts"] else gone).append(row)
    revision = _next_state(ledger_id, [text_key(row["text"]) for row in gone])["revision"]
    for row in kept:
        if row["category"] not in row["counts"]:
            row["category"] = max(row["counts"], key=row["counts"].__getitem__)
        row["revision"] = revision
    _write_memories(
        [
            *(DeleteOne({"_id": row["_id"]}) for row in gone),
            *(ReplaceOne({"_id": row["_id"]}, row) for row in kept),
        ]
    )


def _write_memories(changes: Sequence[Change]) -> None:
    """In parts that each stay well within the time that the database is given to answer."""
    for start in range(0, len(changes), PART):
        collection(Memory, MemoryDocument).bulk_write(changes[start : start + PART], session=current_session())


def _next_state(ledger_id: ObjectId, removed: Sequence[int] = ()) -> MemoryStateDocument:
    """Count one more write; the document after it. Too many removed texts to list raise the floor instead."""
    state = _change_state(ledger_id, {"$inc": {"revision": 1}})
    new = [RemovedText(key=key, revision=state["revision"]) for key in removed]
    listed = state.get("removed", []) + new
    if len(listed) > MOST_REMOVED:
        change = {"removed": [], "floor": state["revision"]}
    elif removed or "removed" not in state:
        change = {"removed": listed, "floor": state.get("floor", 0)}
    else:
        return state
    return _change_state(ledger_id, {"$set": change})


def _change_state(ledger_id: ObjectId, change: Mapping[str, Any]) -> MemoryStateDocument:
    """Change the state of a memory, which is made when there is none; the document after it."""
    after = collection(MemoryState, MemoryStateDocument).find_one_and_update(
        {"_id": ledger_id}, change, upsert=True, return_document=ReturnDocument.AFTER, session=current_session()
    )
    return cast(MemoryStateDocument, after)  # never None with `upsert`


def _checked(category: str) -> str:
    if category not in CATEGORIES:
        raise ValueError(f"{category!r} is no category.")
    return category

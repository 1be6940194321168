"""Remember the categories that were confirmed or changed in a ledger, for its own suggestions.

A category of any kind is remembered, and with it the kind. Suggestions of categories use those of spending (`recall`).

Call these functions in the transaction that writes the expense. It also changes the state of the memory, so the next
suggestion knows the change and no outdated copy in a cache is used (see `recall`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from bson import ObjectId
from pymongo import DeleteOne, ReplaceOne, ReturnDocument, UpdateOne

from classifier import recall
from classifier.categories import ALL_CATEGORIES
from classifier.documents import MemoryDocument, MemoryStateDocument, RemovedText
from classifier.models import Memory, MemoryState
from classifier.personal import text_key
from classifier.text import normalise
from finbrain.core.past_the_orm import LEDGER, collection, current_session
from finbrain.core.transactions import transaction

MOST_REMOVED = 200
PART = 500

Change = UpdateOne | ReplaceOne[MemoryDocument] | DeleteOne


def learn(ledger_id: ObjectId, text: str, category: str) -> None:
    """Remember that a person confirmed or chose `category` for this title. It then decides for the same text."""
    learn_many(ledger_id, [(text, category)])


def unlearn(ledger_id: ObjectId, text: str, category: str) -> None:
    """Undo one `learn` with the same arguments. Does nothing if there was none."""
    unlearn_many(ledger_id, [(text, category)])


def learn_many(ledger_id: ObjectId, pairs: Iterable[tuple[str, str]]) -> None:
    """Learn (title, category) pairs. The last pair of a text decides. ValueError for an unknown category."""
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
    """Undo `learn` for (title, category) pairs."""
    taken: dict[str, list[str]] = defaultdict(list)
    for title, category in pairs:
        taken[normalise(title)].append(category)
    with transaction():
        query = {LEDGER: ledger_id, "text": {"$in": list(taken)}}
        if found := list(collection(Memory, MemoryDocument).find(query, session=current_session())):
            _take_back(ledger_id, found, taken)


def forget_ledger(ledger_id: ObjectId) -> None:
    """Delete the memory of a ledger, in parts like `_write_memories`."""
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
    """Write the changes in parts, each small enough for the time limit of the database."""
    for start in range(0, len(changes), PART):
        collection(Memory, MemoryDocument).bulk_write(changes[start : start + PART], session=current_session())


def _next_state(ledger_id: ObjectId, removed: Sequence[int] = ()) -> MemoryStateDocument:
    """Count a write and return the state after it. If there are too many removed texts to list, raise the floor."""
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
    """Change the state of a memory, or create it, and return the state after the change."""
    after = collection(MemoryState, MemoryStateDocument).find_one_and_update(
        {"_id": ledger_id}, change, upsert=True, return_document=ReturnDocument.AFTER, session=current_session()
    )
    return cast(MemoryStateDocument, after)  # never None with `upsert`


def _checked(category: str) -> str:
    if category not in ALL_CATEGORIES:
        raise ValueError(f"{category!r} is not a category.")
    return category

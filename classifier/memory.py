"""Remember the categories and kinds that were confirmed or changed in a ledger, for its own suggestions.

A category of any kind is remembered, and with it the kind. Suggestions of categories use those of spending (`recall`).

Call these functions in the transaction that writes the expense. It also changes the state of the memory, so the next
suggestion knows the change and no outdated copy in a cache is used (see `recall`).
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar, cast

from bson import ObjectId
from pymongo import DeleteOne, ReplaceOne, ReturnDocument, UpdateOne

from classifier import recall
from classifier.categories import ALL_CATEGORIES, CATEGORIES, base_slug
from classifier.documents import MemoryDocument, MemoryStateDocument
from classifier.kinds import LABELS, Direction, label_of
from classifier.models import Memory, MemoryState
from classifier.pack import text_key
from classifier.text import normalise
from finbrain.core import stored
from finbrain.core.past_the_orm import LEDGER, Expression, collection, current_session
from finbrain.core.transactions import transaction

_read = stored.reader(Memory, ("text", "title", "category", "counts", "kinds", "revision"))
MOST_REMOVED = 200
PART = 500

_Taught = TypeVar("_Taught")
# What was decided: the normalised text, the counts to raise, and what to set.
_Lesson = tuple[str, list[str], dict[str, str]]
Change = UpdateOne | ReplaceOne[MemoryDocument] | DeleteOne


def learn(ledger_id: ObjectId, text: str, category: str) -> None:
    """Remember that a person confirmed or chose `category` for this title. It then decides for the same text."""
    learn_many(ledger_id, [(text, category)])


def unlearn(ledger_id: ObjectId, text: str, category: str) -> None:
    """Undo one `learn` with the same arguments. Does nothing if there was none."""
    unlearn_many(ledger_id, [(text, category)])


def learn_many(ledger_id: ObjectId, pairs: Iterable[tuple[str, str]]) -> None:
    """Learn (title, category) pairs. The last pair of a text decides. Ignores categories that only others know."""
    known = ((title, category) for title, category in pairs if base_slug(category) in CATEGORIES)
    rows = [(normalise(title), title[:400], category) for title, category in known]
    _teach(
        ledger_id,
        [(text, [f"counts.{category}"], {"title": title, "category": category}) for text, title, category in rows],
    )


def _one_more(column: str, damaged: int = 0) -> Expression:
    """Return the expression for the column's number plus one. `$inc` fails if the column holds something else.

    damaged: the number to use instead of something else. A missing one is zero.
    """
    number = {"$ifNull": [f"${column}", 0]}
    return {"$add": [{"$cond": [{"$isNumber": number}, number, damaged]}, 1]}


def unlearn_many(ledger_id: ObjectId, pairs: Iterable[tuple[str, str]]) -> None:
    """Undo `learn` for (title, category) pairs."""
    _undo_decisions(ledger_id, pairs, _without_categories)


def learn_entries(ledger_id: ObjectId, entries: Iterable[tuple[str, Direction, str]]) -> int:
    """Learn the kind and, for spending, the category of (title, direction, category of any kind), in one step.

    The last entry of a text decides. Ignores categories that only others know, and income that left the account.
    Returns the revision, 0 if there was nothing to learn.
    """
    return _teach(
        ledger_id,
        [
            _lesson(normalise(title), title[:400], way, label_of(category), category)
            for title, way, category in entries
            if base_slug(category) in ALL_CATEGORIES and label_of(category) in LABELS[way]
        ],
    )


def unlearn_entries(ledger_id: ObjectId, entries: Iterable[tuple[str, Direction, str]]) -> int:
    """Undo `learn_entries` with the same entries. Returns the revision, 0 if none of them is remembered."""
    taken = ((title, (way, label_of(category), category)) for title, way, category in entries)
    return _undo_decisions(ledger_id, taken, _without_entries)


def _lesson(text: str, title: str, way: Direction, label: str, category: str) -> _Lesson:
    """Return what an entry teaches: its kind, and the category if it was spent."""
    counts, values = [f"kinds.{way}.counts.{label}"], {"title": title, f"kinds.{way}.label": label}
    if base_slug(category) in CATEGORIES:
        return text, [*counts, f"counts.{category}"], values | {"category": category}
    return text, counts, values


def _without_entries(row: MemoryDocument, taken: list[tuple[Direction, str, str]]) -> None:
    _without_kinds(row, [(way, label) for way, label, _ in taken])
    _without_categories(row, [category for _, _, category in taken if base_slug(category) in CATEGORIES])


def forget_ledger(ledger_id: ObjectId) -> None:
    """Delete the memory of a ledger, in parts like `write_memories`."""
    rows, mine = collection(Memory), {LEDGER: ledger_id}
    while part := [row["_id"] for row in rows.find(mine, {"_id": 1}, session=current_session()).limit(PART)]:
        rows.delete_many(mine | {"_id": {"$in": part}}, session=current_session())
    collection(MemoryState).delete_one({"_id": ledger_id}, session=current_session())
    recall.forget_copies(ledger_id)


def _teach(ledger_id: ObjectId, rows: Sequence[_Lesson]) -> int:
    """Write what was decided, and return the revision, 0 if nothing was."""
    rows = [row for row in rows if row[0]]
    if not rows:
        return 0
    with transaction():
        revision = next_state(ledger_id)["revision"]
        write_memories(
            [
                UpdateOne({LEDGER: ledger_id, "text": text}, _taught(counts, values, revision), upsert=True)
                for text, counts, values in rows
            ]
        )
    return revision


def _taught(counts: Sequence[str], values: Mapping[str, str], revision: int) -> list[Expression]:
    """Build the update of a text that was learned. It completes a new row, and mends a damaged count."""
    empty = {"category": "", "counts": {}, "kinds": {}}
    completed = {name: {"$ifNull": [f"${name}", {"$literal": value}]} for name, value in empty.items()}
    plain = {name: {"$literal": value} for name, value in values.items()}
    return [{"$set": completed}, {"$set": {name: _one_more(name) for name in counts} | plain | {"revision": revision}}]


def _undo_decisions(
    ledger_id: ObjectId,
    decisions: Iterable[tuple[str, _Taught]],
    without: Callable[[MemoryDocument, list[_Taught]], None],
) -> int:
    """Undo (title, what was decided) pairs. without: changes a row. Rows that remember nothing more are deleted.

    Returns the revision, 0 if nothing changed.
    """
    taken: dict[str, list[_Taught]] = defaultdict(list)
    for title, decided in decisions:
        taken[normalise(title)].append(decided)
    with transaction():
        query = {LEDGER: ledger_id, "text": {"$in": list(taken)}}
        found = list(map(_read, collection(Memory, MemoryDocument).find(query, session=current_session())))
        if not found:
            return 0
        for row in found:
            without(row, taken[row["text"]])
        kept = [row for row in found if row["counts"] or row.get("kinds")]
        gone = [row for row in found if not (row["counts"] or row.get("kinds"))]
        revision = next_state(ledger_id, [text_key(row["text"]) for row in gone])["revision"]
        write_memories(
            [
                *(DeleteOne({"_id": row["_id"]}) for row in gone),
                *(ReplaceOne({"_id": row["_id"]}, cast(MemoryDocument, row | {"revision": revision})) for row in kept),
            ]
        )
    return revision


def _without_categories(row: MemoryDocument, categories: list[str]) -> None:
    row["counts"] = _less(row["counts"], categories)
    row["category"] = _latest(row["category"], row["counts"])


def _without_kinds(row: MemoryDocument, decisions: list[tuple[Direction, str]]) -> None:
    kinds = row.get("kinds", {})
    for direction in {way for way, _ in decisions} & set(kinds):
        taught = kinds[direction]
        taught["counts"] = _less(taught["counts"], [label for way, label in decisions if way == direction])
        taught["label"] = _latest(taught["label"], taught["counts"])
    row["kinds"] = {way: taught for way, taught in kinds.items() if taught["counts"]}


def _less(counts: Mapping[str, int], taken: Iterable[str]) -> dict[str, int]:
    left = dict(counts)
    for each in taken:
        left[each] = left.get(each, 0) - 1
    return {each: count for each, count in left.items() if count > 0}


def _latest(latest: str, counts: Mapping[str, int]) -> str:
    """Return the latest decision if it still counts, else the most frequent one, else an empty text."""
    return latest if latest in counts else max(counts, key=counts.__getitem__, default="")


def write_memories(changes: Sequence[Change]) -> None:
    """Write the changes in parts, each small enough for the time limit of the database."""
    for start in range(0, len(changes), PART):
        collection(Memory, MemoryDocument).bulk_write(changes[start : start + PART], session=current_session())


def next_state(ledger_id: ObjectId, removed: Sequence[int] = ()) -> MemoryStateDocument:
    """Count a write and return the state after it. If there are too many removed texts to list, raise the floor."""
    # A damaged revision goes on at a number that no copy in a cache can have.
    change = [{"$set": {"revision": _one_more("revision", int(time.time()))}}, *_listed(removed)]
    after = collection(MemoryState, MemoryStateDocument).find_one_and_update(
        {"_id": ledger_id}, change, upsert=True, return_document=ReturnDocument.AFTER, session=current_session()
    )
    return recall.read_state(cast(MemoryStateDocument, after))  # never None with `upsert`


def _listed(removed: Sequence[int]) -> list[Expression]:
    """Build the update of a state that lists removed texts, or raises the floor."""
    if not removed:
        return []
    known = {"$cond": [{"$isArray": "$removed"}, "$removed", []]}
    new = [{"key": key, "revision": "$revision"} for key in removed]
    full = {"$gt": [{"$size": "$removed"}, MOST_REMOVED]}
    floor = {"$cond": [full, "$revision", "$floor"]}
    return [
        {"$set": {"removed": {"$concatArrays": [known, new]}}},
        {"$set": {"floor": floor, "removed": {"$cond": [full, [], "$removed"]}}},
    ]

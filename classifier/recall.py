"""Load a ledger's memory for suggestions without reading all of it each time.

A copy, packed into arrays, is kept in the cache for all processes, and in this process. `MemoryState.revision` shows
whether it is current. If it isn't, only the rows written since then are read. A suggestion therefore costs one small
read, and another one after a change of the memory, however long the history is.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from bson import ObjectId

from classifier import models
from classifier.categories import CATEGORIES, base_slug
from classifier.documents import MemoryStateDocument, TaughtText
from classifier.features import FEATURES_VERSION
from classifier.kinds import LABELS, Direction
from classifier.pack import Pack, Remembered, Rival, Rivals, rival_of, text_key
from classifier.personal import NEAREST, THE_SAME, Neighbour, PersonalMemory
from finbrain.core import stored, tolerant_cache
from finbrain.core.lru import LRU
from finbrain.core.past_the_orm import LEDGER, collection

logger = logging.getLogger(__name__)

# How many rows may be newer than the large pack before it is rebuilt.
MOST_RECENT = 128
# A copy has at most this many texts, those reviewed last. An older text is looked up when it is used again.
MOST_ROWS = 20_000
# How many rows of all ledgers together stay in this process, at about 600 bytes each.
_MOST_ROWS_HERE = 60_000
_LIFE_SECONDS = 3 * 24 * 3600
_EMPTY = Pack.of([])
_TAUGHT = ("text", "title", "category", "counts", "kinds")
_read_text = stored.reader(models.Memory, _TAUGHT)
read_state = stored.reader(models.MemoryState, ("revision", "removed", "floor"))
# Raise it when packs change, so that processes of two releases don't read each other's.
_FORMAT = 4


@dataclass(frozen=True)
class _Copy:
    base: Pack
    base_revision: int
    rows: dict[str, Remembered]
    """The rows written since the base, by text."""
    revision: int
    memory: PersonalMemory


# The copies in this process. Thread-safe.
here: LRU[ObjectId, _Copy] = LRU(_MOST_ROWS_HERE, weigh=lambda copy: len(copy.base))


def nearest(ledger_id: ObjectId | None, texts: Sequence[str]) -> list[list[Neighbour]]:
    """Return the ledger's nearest texts for each normalised text, like `PersonalMemory.nearest`."""
    memory = memory_of(ledger_id)
    if memory is None:
        return [[] for _ in texts]
    found = [memory.nearest(text) for text in texts]
    missing = {text for text, near in zip(texts, found, strict=True) if not near or near[0].likeness <= THE_SAME}
    if not missing or len(memory) < 0.9 * MOST_ROWS:  # a full copy shrinks a little when texts are deleted
        return found
    older = {row.text: row for row in _rows({LEDGER: ledger_id, "text": {"$in": list(missing)}}, len(missing))}
    return [
        [_same(older[text]), *near][:NEAREST] if text in older else near
        for text, near in zip(texts, found, strict=True)
    ]


def _same(row: Remembered) -> Neighbour:
    return Neighbour(row.title, row.category, row.kinds, row.rivals, likeness=1.0)


def memory_of(ledger_id: ObjectId | None) -> PersonalMemory | None:
    """Return the ledger's current memory, or None if it is empty."""
    if ledger_id is None or (state := memory_state(ledger_id)) is None:
        return None
    copy = here.get(ledger_id)
    if copy is None or copy.revision != state["revision"]:
        copy = _current(ledger_id, state, copy)
        here.put(ledger_id, copy)
    return copy.memory


def forget_copies(ledger_id: ObjectId) -> None:
    """Delete the copies of a ledger's memory in the cache and in this process."""
    here.drop(ledger_id)
    tolerant_cache.delete(_cache_key(ledger_id))


def _current(ledger_id: ObjectId, state: MemoryStateDocument, copy: _Copy | None) -> _Copy:
    """Return the copy with the latest changes, or a new copy."""
    floor = state["floor"]
    if copy is None or not floor <= copy.revision <= state["revision"]:
        copy = _from_cache(ledger_id, floor, state["revision"]) or _from_database(ledger_id, state["revision"])
    if copy.revision == state["revision"]:
        return copy
    written = _rows({LEDGER: ledger_id, "revision": {"$gt": copy.revision}}, MOST_ROWS)
    removed = state["removed"]
    gone = {each["key"] for each in removed if each["revision"] > copy.base_revision}
    just_gone = {each["key"] for each in removed if each["revision"] > copy.revision}
    rows = {text: row for text, row in copy.rows.items() if text_key(text) not in just_gone}
    rows |= {row.text: row for row in written}
    recent = Pack.of(list(rows.values()))
    if len(rows) > MOST_RECENT:
        return _kept(ledger_id, copy.base.without(gone).plus(recent), state["revision"])
    return _Copy(copy.base, copy.base_revision, rows, state["revision"], PersonalMemory(copy.base, recent, gone))


def _from_cache(ledger_id: ObjectId, floor: int, newest: int) -> _Copy | None:
    found = tolerant_cache.get_bytes(_cache_key(ledger_id))
    if not found:
        return None
    revision = int.from_bytes(found[:8], "big")
    if not floor <= revision <= newest:
        return None
    try:
        pack = Pack.from_bytes(found[8:])
    except (ValueError, KeyError, OSError):
        logger.exception("Could not read a ledger's memory from the cache. It is rebuilt from the database.")
        return None
    return _Copy(pack, revision, {}, revision, PersonalMemory(pack, _EMPTY))


def _from_database(ledger_id: ObjectId, revision: int) -> _Copy:
    return _kept(ledger_id, Pack.of(_rows({LEDGER: ledger_id}, MOST_ROWS)), revision)


def _kept(ledger_id: ObjectId, pack: Pack, revision: int) -> _Copy:
    """Store a pack in the cache and return a copy that contains only this pack."""
    tolerant_cache.set_bytes(_cache_key(ledger_id), revision.to_bytes(8, "big") + pack.to_bytes(), _LIFE_SECONDS)
    return _Copy(pack, revision, {}, revision, PersonalMemory(pack, _EMPTY))


def _cache_key(ledger_id: ObjectId) -> str:
    return f"memory:{_FORMAT}:{FEATURES_VERSION}:{ledger_id}"


def memory_state(ledger_id: ObjectId) -> MemoryStateDocument | None:
    """Return the state of a ledger's memory, or None if it never had one."""
    found = collection(models.MemoryState, MemoryStateDocument).find_one({"_id": ledger_id})
    return found and read_state(found)


def _rows(query: Mapping[str, Any], limit: int) -> list[Remembered]:
    columns = {"_id": 0, **dict.fromkeys(_TAUGHT, 1)}
    found = collection(models.Memory, TaughtText).find(query, columns).sort("revision", -1).limit(limit)
    return [_remembered(row) for row in map(_read_text, found)]


def _remembered(row: TaughtText) -> Remembered:
    """Return the row. A category or kind that this release doesn't know counts as none."""
    category = row["category"] if base_slug(row["category"]) in CATEGORIES else ""
    kinds = {way: kind if isinstance(kind, dict) else {} for way, kind in row.get("kinds", {}).items()}
    out, back = (_label_of(kinds.get(way, {}), way) for way in Direction)
    ways = zip(Direction, (out, back), strict=True)
    of_kinds = (_rival(label, kinds.get(way, {}).get("counts"), LABELS[way].__contains__) for way, label in ways)
    rivals = (_rival(category, row["counts"], lambda label: base_slug(label) in CATEGORIES), *of_kinds)
    return Remembered(row["title"], category, (out, back), cast(Rivals, rivals), text=row["text"])


def _label_of(kind: Mapping[str, Any], way: Direction) -> str:
    label = kind.get("label")
    return label if label in LABELS[way] else ""


def _rival(latest: str, counts: Any, is_known: Callable[[str], bool]) -> Rival:
    """Return the rival of the latest label among those that this release knows."""
    counted = counts if isinstance(counts, dict) else {}
    return rival_of(latest, {label: count for label, count in counted.items() if is_known(label)})

"""What confirmed entries teach the ledger's memory. Call it in the transaction that writes them."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from bson import ObjectId

from classifier import memory
from classifier.kinds import Direction


class Lesson(NamedTuple):
    """A confirmed entry. category: of any kind, so it says the kind, too. amount: its sign says the direction."""

    title: str
    category: str
    amount: Decimal


def teach(ledger_id: ObjectId, lessons: Iterable[Lesson]) -> int:
    """Remember the category and the kind of these titles. Returns the memory's revision, 0 for nothing."""
    return memory.learn_entries(ledger_id, map(_entry, lessons))


def unteach(ledger_id: ObjectId, lessons: Iterable[Lesson]) -> int:
    """Undo `teach` with the same lessons. Returns the memory's revision, 0 for nothing."""
    return memory.unlearn_entries(ledger_id, map(_entry, lessons))


def _entry(lesson: Lesson) -> tuple[str, Direction, str]:
    return lesson.title, direction_of(lesson.amount), lesson.category


def direction_of(amount: Decimal) -> Direction:
    """Return whether a stored amount left the account or came in."""
    return Direction.OUT if amount > 0 else Direction.IN


def lesson_of_row(row: Mapping[str, Any], turned: Collection[ObjectId] = ()) -> Lesson:
    """Return the lesson of a stored document. turned: the ids of entries whose amount changes its sign."""
    amount = row["amount"].to_decimal()
    return Lesson(row["title"], row["category"], -amount if row["_id"] in turned else amount)

"""What confirmed entries teach the ledger's memory. Call it in the transaction that writes them."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from bson import ObjectId

from classifier import memory


class Lesson(NamedTuple):
    """A confirmed entry. category: of any kind, so it says the kind, too. amount: its sign says the direction."""

    title: str
    category: str
    amount: Decimal


def teach(ledger_id: ObjectId, lessons: Iterable[Lesson]) -> None:
    """Remember the category and the kind of these titles."""
    memory.learn_many(ledger_id, [(lesson.title, lesson.category) for lesson in lessons])


def unteach(ledger_id: ObjectId, lessons: Iterable[Lesson]) -> None:
    """Undo `teach` with the same lessons."""
    memory.unlearn_many(ledger_id, [(lesson.title, lesson.category) for lesson in lessons])


def lesson_of_row(row: Mapping[str, Any], turned: Collection[ObjectId] = ()) -> Lesson:
    """Return the lesson of a stored document. turned: the ids of entries whose amount changes its sign."""
    amount = row["amount"].to_decimal()
    return Lesson(row["title"], row["category"], -amount if row["_id"] in turned else amount)

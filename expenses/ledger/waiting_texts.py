"""The titles that wait for review, as normalised texts with the expenses that have them."""

from dataclasses import dataclass, field
from functools import lru_cache

from bson import ObjectId

from classifier.text import normalise
from expenses.models import Expense
from expenses.models.documents import READ_AMOUNT, text_in
from expenses.models.entry_filters import waiting_for_review
from expenses.models.ledger import Ledger
from finbrain.core.past_the_orm import Expression, collection

# What is compared at most. Expenses beyond that follow when these are answered.
_MOST_ROWS = 10_000
_MOST_TEXTS = 4_000
_NO_DIGITS = dict.fromkeys(map(ord, "0123456789"))


@dataclass
class WaitingText:
    """A normalised text of one direction. ids: its expenses, newest first. weight: see `_weight`, of all of them."""

    text: str
    came_in: bool
    ids: list[ObjectId] = field(default_factory=list)
    weight: float = 0.0


@dataclass(frozen=True)
class Waiting:
    """What waits. texts: those of the newest expense first. count: of expenses, None if not all of them are read."""

    texts: list[WaitingText]
    count: int | None


def read_waiting(ledger: Ledger) -> Waiting:
    """Read the texts of the newest expenses that wait, with one query."""
    count = 0
    found: dict[tuple[str, bool], WaitingText] = {}
    for row in collection(Expense).aggregate(_pipeline(ledger), batchSize=_MOST_ROWS):
        count += 1
        came_in = row["in"]
        text = _text_without_digits(row["title"].translate(_NO_DIGITS)) or row["title"]
        waiting = found.get((text, came_in))
        if waiting is None:
            waiting = found[text, came_in] = WaitingText(text, came_in)
        waiting.ids.append(row["_id"])
        waiting.weight += row["weight"]
    return Waiting(list(found.values())[:_MOST_TEXTS], count if count < _MOST_ROWS else None)


def _pipeline(ledger: Ledger) -> list[Expression]:
    """The newest expenses that wait, with the direction and the weight of each.

    An expense weighs 1, and 1 more for each digit of its value: forty coffees count more than a rent.
    """
    value = {"$abs": {"$cond": [{"$isNumber": "$order_value"}, {"$toDouble": "$order_value"}, 0]}}
    return [
        {"$match": waiting_for_review(ledger.id, ledger.threshold)},
        {"$sort": {"spent_on": -1, "_id": -1}},
        {"$limit": _MOST_ROWS},
        {
            "$project": {
                "title": text_in("$title"),
                "in": {"$lt": [READ_AMOUNT, 0]},
                "weight": {"$add": [1, {"$log10": {"$add": [1, value]}}]},
            }
        },
    ]


@lru_cache(maxsize=_MOST_ROWS)
def _text_without_digits(title: str) -> str:
    """Normalise a title whose digits are removed, because titles that differ in digits alone are mostly the same."""
    return normalise(title)

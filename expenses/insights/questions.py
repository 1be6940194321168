"""The few expenses that are most worth asking about: FinBrain is least sure, and they are about the most money."""

from typing import Any, NamedTuple

from classifier.category_set import category_of
from expenses.ledger.filed_rows import is_refused
from expenses.models.expense import Expense
from expenses.models.ledger import Ledger
from expenses.models.matches import waiting_for_review
from finbrain.core import stored
from finbrain.core.past_the_orm import collection

MOST = 5
_COLUMNS = (
    *("title", "shown_title", "amount", "currency", "spent_on", "category", "alternatives"),
    *("confidence", "order_value", "reviewed", "import_batch"),
)
_read = stored.reader(Expense, _COLUMNS)


class Question(NamedTuple):
    """An expense to ask about. choices: slug and name of the likely categories, the likeliest first."""

    row: dict[str, Any]
    choices: list[tuple[str, str]]


def questions(ledger: Ledger) -> list[Question]:
    """Return the questions of a ledger, those first that margin × money puts first."""
    doubt = {"$subtract": [1, {"$ifNull": ["$confidence", 0]}]}
    value = {"$ifNull": ["$order_value", "$amount"]}
    money = {"$abs": {"$convert": {"input": value, "to": "double", "onError": 0, "onNull": 0}}}
    worth = {"$multiply": [money, doubt]}
    found = collection(Expense).aggregate(
        [
            {"$match": waiting_for_review(ledger.id, ledger.threshold)},
            {"$set": {"worth": worth}},
            {"$sort": {"worth": -1, "_id": 1}},
            {"$limit": MOST},
            {"$project": dict.fromkeys(_COLUMNS, 1)},
        ]
    )
    return [Question(row, choices_of(ledger, row)) for row in map(_read, found)]


def choices_of(ledger: Ledger, row: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the categories that FinBrain thinks of, as slugs and names. What an account paid is never income."""
    slugs = dict.fromkeys([row["category"], *row["alternatives"].split(",")])
    likely = [slug for slug in slugs if slug in ledger.categories and not is_refused(row, slug)]
    return [(slug, str(category_of(slug).name)) for slug in likely]

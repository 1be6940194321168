"""The few expenses that are most worth asking about: two categories are about as likely, and much money is in them."""

from typing import NamedTuple

from classifier.category_set import category_of
from classifier.suggest import Suggestion, suggest_many
from expenses.ledger.rows_of_changes import is_refused
from expenses.models.documents import ExpenseDocument
from expenses.models.entry_filters import waiting_for_review
from expenses.models.expense import Expense
from expenses.models.ledger import Ledger
from finbrain.core import stored
from finbrain.core.past_the_orm import collection

_MOST = 5
# Those of which FinBrain is least sure, weighed by money. Their margins are looked up.
_LOOKED_AT = 50
_COLUMNS = (
    *("title", "shown_title", "amount", "currency", "spent_on", "category", "alternatives"),
    *("confidence", "order_value", "reviewed", "import_batch"),
)
_read = stored.reader(Expense, _COLUMNS)


class _Doubt(ExpenseDocument):
    """An expense that waits for review. money: its amount without the sign, in EUR if there is a rate."""

    money: float


class EmailQuestion(NamedTuple):
    """An expense to ask about. choices: slug and name of the likely categories, the likeliest first."""

    row: ExpenseDocument
    choices: list[tuple[str, str]]


def questions(ledger: Ledger) -> list[EmailQuestion]:
    """Return the questions of a ledger, in the order of (1 - margin) × money.

    Margin: how much likelier the first category is than the second, 0 to 1, as FinBrain would suggest them now.
    """
    found = _least_sure(ledger)
    suggested = suggest_many([str(row.get("title", "")) for row in found], ledger.id)
    worth = [row["money"] * (1 - _margin(row, each)) for row, each in zip(found, suggested, strict=True)]
    order = sorted(range(len(found)), key=lambda place: -worth[place])
    return [EmailQuestion(row, _choices_of(ledger, row)) for row in (_read(found[place]) for place in order[:_MOST])]


def _least_sure(ledger: Ledger) -> list[_Doubt]:
    """Return the expenses that wait for review, as stored."""
    doubt = {"$subtract": [1, {"$ifNull": ["$confidence", 0]}]}
    value = {"$ifNull": ["$order_value", "$amount"]}
    money = {"$abs": {"$convert": {"input": value, "to": "double", "onError": 0, "onNull": 0}}}
    found = collection(Expense, _Doubt).aggregate(
        [
            {"$match": waiting_for_review(ledger.id, ledger.threshold)},
            {"$set": {"money": money}},
            {"$set": {"worth": {"$multiply": ["$money", doubt]}}},
            {"$sort": {"worth": -1, "_id": 1}},
            {"$limit": _LOOKED_AT},
            {"$project": dict.fromkeys((*_COLUMNS, "money"), 1)},
        ]
    )
    return list(found)


def _margin(row: _Doubt, suggestion: Suggestion | None) -> float:
    """Return the margin between the two likeliest categories. Without any suggestion, the stored confidence."""
    if suggestion is None or len(suggestion.candidates) < 2:
        return row.get("confidence") or 0.0
    (_first, likely), (_second, less) = suggestion.candidates[:2]
    return likely - less


def _choices_of(ledger: Ledger, row: ExpenseDocument) -> list[tuple[str, str]]:
    """Return the categories that FinBrain thinks of, as slugs and names. What an account paid is never income."""
    slugs = dict.fromkeys([row["category"], *row["alternatives"].split(",")])
    likely = [slug for slug in slugs if slug in ledger.categories and not is_refused(row, slug)]
    return [(slug, str(category_of(slug).name)) for slug in likely]

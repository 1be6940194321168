"""Complete titles from a ledger's earlier expenses, with the currency of each."""

import re
from dataclasses import dataclass

from bson import ObjectId

from expenses.models import Expense, title_key
from expenses.models.documents import ExpenseDocument
from expenses.models.entry_filters import entries_of
from finbrain.core import stored
from finbrain.core.past_the_orm import collection

_SHORTEST = 2
_LOOKED_AT = 200
_OFFERED = 8
_COLUMNS = ("title", "shown_title", "title_key", "currency")
_read = stored.reader(Expense, _COLUMNS)


@dataclass(frozen=True)
class TypedBefore:
    """The completions of a text.

    titles: the ledger's titles that begin with the text, most used first. currency: of the latest expense with exactly
    this title, or "".
    """

    titles: list[str]
    currency: str


def typed_before(ledger_id: ObjectId, text: str) -> TypedBefore:
    """Find the completions of a text in the ledger, with one indexed read of at most LOOKED_AT rows."""
    key = title_key(text)
    if len(key) < _SHORTEST:
        return TypedBefore([], "")
    match = entries_of(ledger_id, title_key={"$regex": f"^{re.escape(key)}"})
    found = collection(Expense, ExpenseDocument).find(match, dict.fromkeys(_COLUMNS, 1))
    uses: dict[str, int] = {}
    latest: dict[str, tuple[str, str]] = {}
    for row in map(_read, found.sort([("title_key", 1), ("_id", 1)]).limit(_LOOKED_AT)):
        uses[row["title_key"]] = uses.get(row["title_key"], 0) + 1
        latest[row["title_key"]] = row["shown_title"] or row["title"], row["currency"]
    ranked = sorted(uses, key=lambda name: -uses[name])[:_OFFERED]
    return TypedBefore([latest[name][0] for name in ranked if name != key], latest[key][1] if key in latest else "")

"""The expenses behind remembered texts: those that taught them, and those that FinBrain has filed by them since."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bson import ObjectId

from classifier.text import normalise
from expenses.models import CategorySource, Expense, KindSource, title_key
from expenses.models.documents import ExpenseDocument
from expenses.models.entry_filters import entries_of
from finbrain.core import stored
from finbrain.core.past_the_orm import collection

# What is read at most for all texts of a page.
_MOST_ROWS = 2_000
_LONGEST_START, _SHORTEST_START = 12, 3
_COLUMNS = ("title", "reviewed", "category_source", "kind_source")
_read = stored.reader(Expense, _COLUMNS)


@dataclass(frozen=True)
class Decided:
    """taught: the reviewed expenses with the text. filed: those that FinBrain filed because of them. Both are ids."""

    taught: list[ObjectId] = field(default_factory=list)
    filed: list[ObjectId] = field(default_factory=list)


def decided_by(ledger_id: ObjectId, titles: Mapping[str, str]) -> dict[str, Decided]:
    """Return the expenses behind each normalised text, with one query by the index of titles.

    titles: text -> its latest spelling. Other spellings count if they start alike. Reads at most 2,000 expenses.
    """
    found = {text: Decided() for text in titles}
    if not titles:
        return found
    starts = {_start(title) for title in titles.values()}
    match = entries_of(ledger_id, **{"$or": [{"title_key": start} for start in starts]})
    rows = collection(Expense, ExpenseDocument).find(match, dict.fromkeys(_COLUMNS, 1), hint="expense_by_title")
    for row in map(_read, rows.limit(_MOST_ROWS).batch_size(_MOST_ROWS)):
        decided = found.get(normalise(row["title"]))
        if decided is None:
            continue
        if row["reviewed"]:
            decided.taught.append(row["_id"])
        elif row["category_source"] == CategorySource.MEMORY or row["kind_source"] == KindSource.MEMORY:
            decided.filed.append(row["_id"])
    return found


def _start(title: str) -> Any:
    """Return the filter for titles that start like this one, up to its first digit: numbers differ between expenses."""
    key = title_key(title)
    start = re.split(r"\d", key, maxsplit=1)[0][:_LONGEST_START]
    if len(start) < _SHORTEST_START:
        return key
    return re.compile(f"^{re.escape(start)}")

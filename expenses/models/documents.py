"""The shapes of MongoDB documents, for code that reads them without the ORM.

Read them with `finbrain.core.stored.reader`: then every column is there, with a value of its type. An expense whose
amount or day can't be read has the amount 0, which nobody can enter, or the day NO_TIME.
"""

from datetime import datetime
from typing import Any, TypedDict

from bson import Decimal128, ObjectId

from finbrain.core.stored import END_OF_TIME, NO_TIME

# No amount is larger.
LARGEST = 10**12
Expression = dict[str, Any]
# A whole new expense, by column.
NewDocument = dict[str, Any]


def _between(column: str, least: Any, end: Any, otherwise: Any) -> Expression:
    """The column if it is in the range, else `otherwise`. MongoDB compares all types: a text is above any number."""
    return {"$cond": [{"$and": [{"$gte": [column, least]}, {"$lt": [column, end]}]}, column, otherwise]}


# What a reader reads, as expressions of an aggregation.
READ_DAY = _between("$spent_on", NO_TIME, END_OF_TIME, NO_TIME)
READ_AMOUNT = _between("$amount", -LARGEST, LARGEST, 0)


def text_in(column: str) -> Expression:
    """Return the expression for a column (`$title`) of text, "" if it holds something else."""
    return {"$cond": [{"$eq": [{"$type": column}, "string"]}, column, ""]}


def shown_title_expression() -> Expression:
    """Return the title that is shown, as an aggregation expression."""
    return {"$cond": [{"$gt": ["$shown_title", ""]}, "$shown_title", "$title"]}


def digits_in(column: str) -> Expression:
    """Return the expression for the digits of a number, null if the column holds something else.

    Python would take longer to decode hundreds of decimals.
    """
    return {"$toString": _between(column, -(10**16), 10**16, None)}


class Reviewable(TypedDict):
    """The columns that decide whether an expense is unsure. confidence: 0 to 1, None once a person chose."""

    reviewed: bool
    confidence: float | None


class ExpenseDocument(TypedDict):
    """The columns of an expense that lists show. Days are midnights without a time zone."""

    _id: ObjectId
    title: str
    title_key: str
    amount: Decimal128
    currency: str
    spent_on: datetime
    category: str
    category_source: str
    confidence: float | None
    reviewed: bool
    alternatives: str
    note: str
    own_rate: Decimal128 | None
    own_rate_currency: str
    order_value: Decimal128 | None
    deleted_at: datetime | None
    import_batch: ObjectId | None
    kind: str
    kind_source: str
    kind_confidence: float | None
    pair: ObjectId | None
    one_off: bool
    account: str
    rule: str
    shown_title: str

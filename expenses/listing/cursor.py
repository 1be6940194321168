"""Keyset pagination: a page starts after the sort values of the last row, so page 1,000 is as fast as page 1."""

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import bson
from bson import Decimal128, ObjectId
from bson.errors import InvalidId

from expenses.models.unsure import Match

_ASCENDING, _DESCENDING = 1, -1
_NO_VALUE = "none"
_OPPOSITES = {"$gt": "$lte", "$gte": "$lt", "$lt": "$gte", "$lte": "$gt"}
_Sort = tuple[tuple[str, int], ...]

SORTS: dict[str, _Sort] = {
    "-date": (("spent_on", _DESCENDING), ("_id", _DESCENDING)),
    "date": (("spent_on", _ASCENDING), ("_id", _ASCENDING)),
    "-amount": (("order_value", _DESCENDING), ("_id", _DESCENDING)),
    "amount": (("order_value", _ASCENDING), ("_id", _ASCENDING)),
    "title": (("title_key", _ASCENDING), ("_id", _ASCENDING)),
    "-title": (("title_key", _DESCENDING), ("_id", _DESCENDING)),
    "category": (("category", _ASCENDING), ("spent_on", _DESCENDING), ("_id", _DESCENDING)),
    "-category": (("category", _DESCENDING), ("spent_on", _ASCENDING), ("_id", _ASCENDING)),
    "account": (("account", _ASCENDING), ("spent_on", _DESCENDING), ("_id", _DESCENDING)),
    "-account": (("account", _DESCENDING), ("spent_on", _ASCENDING), ("_id", _ASCENDING)),
}
DEFAULT_SORT = "-date"
BY_DAY = frozenset({DEFAULT_SORT, "date"})
LATEST_DELETED = "-deleted"
ALL_SORTS = SORTS | {LATEST_DELETED: (("deleted_at", _DESCENDING), ("_id", _DESCENDING))}


_WRITERS = {
    "spent_on": lambda value: value.date().isoformat(),
    "deleted_at": lambda value: value.isoformat(),
    "order_value": lambda value: _NO_VALUE if value is None else str(value),
}


def _read_date(text: str) -> datetime:
    day = date.fromisoformat(text)
    return datetime(day.year, day.month, day.day)


_READERS = {
    "spent_on": _read_date,
    "deleted_at": datetime.fromisoformat,
    "order_value": lambda text: None if text == _NO_VALUE else Decimal128(Decimal(text)),
    "title_key": str,
    "category": str,
    "account": str,
    "_id": ObjectId,
}


def encode_cursor(sort: str, row: Mapping[str, Any]) -> str:
    """Return the cursor of the page after `row`, a stored document, for a sort of ALL_SORTS. Safe in a URL."""
    values = [_WRITERS.get(name, str)(row.get(name, "")) for name, _ in ALL_SORTS[sort]]
    text = json.dumps([sort, *values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(sort: str, cursor: str) -> list[Any] | None:
    """Return the sort values to continue after, or None (the first page) for an invalid cursor or another sort's."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        named, *texts = json.loads(base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True))
        if named != sort or not all(isinstance(text, str) for text in texts):
            return None
        values = [_READERS[name](text) for (name, _), text in zip(ALL_SORTS[sort], texts, strict=True)]
        bson.encode({"values": values})  # raises for dates and texts that MongoDB can't hold
        return values
    except (ValueError, TypeError, ArithmeticError, RecursionError, binascii.Error, InvalidId):
        return None


def match_beyond(sort: str, values: list[Any]) -> Match:
    """Match the rows after `values`. The bound of the first column is separate so that MongoDB can use the index."""
    columns = ALL_SORTS[sort]
    branches = []
    for at, (name, direction) in enumerate(columns):
        equal = {before: values[i] for i, (before, _) in enumerate(columns[:at])}
        branches.append({**equal, name: _bound("$gt" if direction == _ASCENDING else "$lt", name, values[at])})
    first, direction = columns[0]
    bound = _bound("$gte" if direction == _ASCENDING else "$lte", first, values[0])
    return {"$and": [{first: bound}, {"$or": branches}]}


def _bound(operator: str, name: str, value: Any) -> Match:
    """Compare a column with a value in the order of the sort, in which a missing order value is below all others.

    MongoDB's operators compare numbers with numbers only.
    """
    below = operator.startswith("$lt")
    if name == "order_value" and below == (value is not None):
        return {"$not": {_OPPOSITES[operator]: value}}
    return {operator: value}

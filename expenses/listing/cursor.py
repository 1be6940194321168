"""Keyset pages: the next page starts after the last row's sort values, so that page 1,000 costs what page 1 costs."""

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bson import Decimal128, ObjectId
from bson.errors import InvalidId

ASCENDING, DESCENDING = 1, -1
Sort = tuple[tuple[str, int], ...]

SORTS: dict[str, Sort] = {
    "-date": (("spent_on", DESCENDING), ("_id", DESCENDING)),
    "date": (("spent_on", ASCENDING), ("_id", ASCENDING)),
    "-amount": (("order_value", DESCENDING), ("_id", DESCENDING)),
    "amount": (("order_value", ASCENDING), ("_id", ASCENDING)),
    "title": (("title_key", ASCENDING), ("_id", ASCENDING)),
    "-title": (("title_key", DESCENDING), ("_id", DESCENDING)),
    "category": (("category", ASCENDING), ("spent_on", DESCENDING), ("_id", DESCENDING)),
    "-category": (("category", DESCENDING), ("spent_on", ASCENDING), ("_id", ASCENDING)),
}
DEFAULT_SORT = "-date"
LATEST_DELETED = "-deleted"
ALL_SORTS = SORTS | {LATEST_DELETED: (("deleted_at", DESCENDING), ("_id", DESCENDING))}


WRITERS = {
    "spent_on": lambda value: value.date().isoformat(),
    "deleted_at": lambda value: value.isoformat(),
}


def read_date(text: str) -> datetime:
    day = date.fromisoformat(text)
    return datetime(day.year, day.month, day.day)


READERS = {
    "spent_on": read_date,
    "deleted_at": datetime.fromisoformat,
    "order_value": lambda text: Decimal128(Decimal(text)),
    "title_key": str,
    "category": str,
    "_id": ObjectId,
}


def encode(sort: str, row: Mapping[str, Any]) -> str:
    """The cursor that continues after `row` (a document as stored), for one sort of ALL_SORTS. Safe in a URL."""
    values = [WRITERS.get(name, str)(row[name]) for name, _ in ALL_SORTS[sort]]
    text = json.dumps([sort, *values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(sort: str, cursor: str) -> list[Any] | None:
    """The values to continue after; None (the first page) for no cursor, a broken one, or one of another sort."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        named, *texts = json.loads(base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True))
        if named != sort or not all(isinstance(text, str) for text in texts):
            return None
        return [READERS[name](text) for (name, _), text in zip(ALL_SORTS[sort], texts, strict=True)]
    except (ValueError, TypeError, ArithmeticError, RecursionError, binascii.Error, InvalidId):
        return None


def beyond(sort: str, values: list[Any]) -> dict[str, Any]:
    """The filter for what comes after `values`. The first column's bound stands apart so that the index can use it."""
    columns = ALL_SORTS[sort]
    branches = []
    for at, (name, direction) in enumerate(columns):
        equal = {before: values[i] for i, (before, _) in enumerate(columns[:at])}
        branches.append({**equal, name: {"$gt" if direction == ASCENDING else "$lt": values[at]}})
    first, direction = columns[0]
    return {"$and": [{first: {"$gte" if direction == ASCENDING else "$lte": values[0]}}, {"$or": branches}]}

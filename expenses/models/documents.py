"""The shapes of MongoDB documents, for code that reads them without the ORM."""

from datetime import datetime
from typing import NotRequired, TypedDict

from bson import Decimal128, ObjectId


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
    order_value: Decimal128
    deleted_at: datetime | None
    import_batch: ObjectId | None
    # Documents that an earlier release wrote lack these.
    kind: NotRequired[str]
    kind_source: NotRequired[str]
    kind_confidence: NotRequired[float | None]
    one_off: NotRequired[bool]
    account: NotRequired[str]
    pair: NotRequired[ObjectId | None]

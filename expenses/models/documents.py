"""The shapes of MongoDB documents, for code that reads them without the ORM.

Read them with `finbrain.core.stored.reader`: then every column is there, with a value of its type. An expense whose
amount or day can't be read has the amount 0, which nobody can enter, or the day NO_TIME. A query that names columns
gets only those. Days are midnights without a time zone.
"""

from datetime import datetime
from typing import Any, NotRequired, TypedDict

from bson import Decimal128, ObjectId

from classifier.documents import MemoryBefore, PendingCorrection
from finbrain.core.past_the_orm import Expression
from finbrain.core.stored import END_OF_TIME, NO_TIME

# No amount is larger.
LARGEST = 10**12


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
    """A stored `Expense`."""

    _id: ObjectId
    owner_id: ObjectId
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
    model_version: int | None
    search_words: list[str]
    entry_key: str
    created_at: datetime
    updated_at: datetime


class StoredCategory(TypedDict):
    """The part of a `StoredState` that says the category."""

    category: str
    category_source: str
    confidence: float | None
    model_version: int | None
    reviewed: bool
    alternatives: str


class StoredState(StoredCategory):
    """How an entry is filed: the columns of `filing_decisions.STATE`."""

    kind: str
    kind_source: str
    kind_confidence: float | None


class PairDocument(TypedDict):
    """A stored `Pair`. before: how its two halves were filed."""

    _id: ObjectId
    owner_id: ObjectId
    out_entry: ObjectId
    in_entry: ObjectId
    before: list[StoredState]
    confidence: float
    key: str
    rejected: bool


class Learned(TypedDict, total=False):
    """What memory and feedback were before a change of categories.

    revisions: those of the memory that it made. feedback: None if it reported nothing.
    """

    memory: list[tuple[str, MemoryBefore | None]]
    revisions: list[int]
    feedback: list[PendingCorrection] | None


class CategoryChangeDocument(TypedDict):
    """A stored `CategoryChange`."""

    _id: ObjectId
    owner_id: ObjectId
    batch: str
    category: str
    before: list[list[Any]]
    learned: Learned | None
    created_at: datetime


class StoredFacts(TypedDict):
    """The columns of a `Series` that change with its entries."""

    texts: list[str]
    is_income: bool
    cycle: str
    next_on: datetime
    low: Decimal128
    high: Decimal128
    currency: str
    entries: list[list[str]]
    detached: list[str]


class NewSeries(StoredFacts):
    """A `Series` that isn't stored yet."""

    owner_id: ObjectId
    name: str
    category: str
    account: str
    note: str
    cancel_by: datetime | None
    notice_days: int | None
    ends_on: datetime | None
    payments: int | None
    state: str
    confidence: float | None
    created_at: datetime


class SeriesDocument(NewSeries):
    """A stored `Series`."""

    _id: ObjectId


class FingerprintDocument(TypedDict):
    """A stored `Fingerprint`. batch: the import that stored it."""

    owner_id: ObjectId
    fingerprint: str
    batch: ObjectId


class DraftTable(TypedDict):
    """What an `ImportBatch` keeps of its table while it is a draft. Drafts of earlier releases lack some of it.

    columns: name and example of each. header, shape and guessed: what identifies tables like it. year: of the last day,
    if it is assumed. sheets: the names of the workbook's sheets with movements, if there are several. labels: the
    accounts that tables like it came from.
    """

    header: str
    columns: list[list[str]]
    guessed: str
    shape: NotRequired[list[str]]
    year: NotRequired[int | None]
    sheets: NotRequired[list[str]]
    labels: NotRequired[list[str]]


class MonthVersionDocument(TypedDict):
    """A stored `MonthVersion`. _id: `month_key`."""

    _id: str
    token: str
    changes: list[Any]


class StoredSumsDocument(TypedDict):
    """A stored `StoredSums`. _id: `month_key` and a currency."""

    _id: str
    made_for: str
    sums: bytes


class RatesOfDay(TypedDict):
    """The columns of a `Rate` that an update decides. rates, held: units for one euro by currency, as text."""

    rates: dict[str, str]
    held: dict[str, str]
    source: str


class RateDocument(RatesOfDay):
    """A stored `Rate`. _id: its day."""

    _id: datetime


class YearOfRatesDocument(TypedDict):
    """A stored `YearOfRates`. _id: `year_key`. rates, held: rate, `RateKind` and banks by day, as text."""

    _id: str
    rates: dict[str, list[str]]
    held: dict[str, list[str]]

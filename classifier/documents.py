"""The shapes of what the memory and feedback store, for code that reads and writes it without the ORM."""

from typing import NotRequired, TypedDict

from bson import ObjectId


class TaughtKind(TypedDict):
    """What was decided about a text in one direction. label: the latest. counts: label -> how often it was decided."""

    label: str
    counts: dict[str, int]


class TaughtText(TypedDict):
    """The columns of a `Memory` that make a `pack.Remembered`.

    counts: category -> how often it was confirmed. kinds: by direction, missing in older rows.
    """

    text: str
    title: str
    category: str
    counts: dict[str, int]
    kinds: NotRequired[dict[str, TaughtKind]]


class MemoryDocument(TaughtText):
    """A stored `Memory`. revision: `MemoryState.revision`."""

    _id: ObjectId
    owner_id: ObjectId
    revision: int


class MemoryBefore(TypedDict):
    """What was remembered of a text before a change, which undoing puts back. kinds: None in older rows."""

    title: str
    category: str
    counts: dict[str, int]
    kinds: dict[str, TaughtKind] | None


class PendingCorrection(TypedDict):
    """A pending `Feedback` before a change, which undoing puts back. created_at: as ISO 8601 writes it."""

    normalised: str
    text: str
    suggested_category: str
    confidence: float | None
    chosen_category: str
    model_version: int | None
    created_at: str


class RemovedText(TypedDict):
    """A deleted text. key: its `pack.text_key`. revision: `MemoryState.revision` of the deletion."""

    key: int
    revision: int


class MemoryStateDocument(TypedDict):
    """A `MemoryState` as `recall.read_state` reads it. _id: the ledger."""

    _id: ObjectId
    revision: int
    removed: list[RemovedText]
    floor: int

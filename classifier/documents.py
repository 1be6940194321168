"""The documents of the memory as they are stored, for what is read and written past the ORM."""

from typing import NotRequired, TypedDict

from bson import ObjectId


class TaughtText(TypedDict):
    """The columns of a `Memory` that make a `personal.Remembered`."""

    text: str
    title: str
    category: str


class MemoryDocument(TaughtText):
    """A `Memory`. counts: category -> how often it was confirmed. revision: of the `MemoryState` that wrote it."""

    _id: ObjectId
    owner_id: ObjectId
    counts: dict[str, int]
    revision: int


class RemovedText(TypedDict):
    """key: `personal.text_key` of a text that is gone. revision: of the `MemoryState` since when."""

    key: int
    revision: int


class MemoryStateDocument(TypedDict):
    """A `MemoryState`, whose `_id` is the ledger. The first writes leave out what is empty."""

    _id: ObjectId
    revision: int
    removed: NotRequired[list[RemovedText]]
    floor: NotRequired[int]

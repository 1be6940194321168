"""What a ledger's memory holds, for the person to read, and forgetting a single text of it."""

import re

from bson import ObjectId

from classifier.documents import MemoryDocument
from classifier.memory import next_state
from classifier.memory_undo import Earlier, snapshot_of
from classifier.models import Memory
from classifier.pack import text_key
from classifier.text import normalise
from finbrain.core import stored
from finbrain.core.past_the_orm import LEDGER, Expression, collection, current_session
from finbrain.core.transactions import transaction

_COLUMNS = ("text", "title", "category", "counts", "kinds", "revision")
_read = stored.reader(Memory, _COLUMNS)


def find_learned(ledger_id: ObjectId, part: str, after: str, size: int) -> list[MemoryDocument]:
    """Return up to `size` remembered texts in alphabetical order, from an index. part: of the text, "" for all.

    after: the text to continue after.
    """
    text: Expression = {"$gt": after}
    if part.strip():
        text["$regex"] = re.escape(normalise(part))
    rows = collection(Memory, MemoryDocument).find({LEDGER: ledger_id, "text": text}, dict.fromkeys(_COLUMNS, 1))
    return [_read(row) for row in rows.sort("text", 1).limit(size)]


def forget_text(ledger_id: ObjectId, text: str) -> tuple[Earlier, int]:
    """Forget a normalised text. Return what was remembered and the memory's new revision; nothing and 0 if unknown."""
    with transaction():
        earlier = snapshot_of(ledger_id, [text])
        if not any(row for _text, row in earlier):
            return [], 0
        collection(Memory).delete_one({LEDGER: ledger_id, "text": text}, session=current_session())
        return earlier, next_state(ledger_id, [text_key(text)])["revision"]

"""MongoDB filters for the queries that pages need, and the only definition of "unsure"."""

from typing import Any

from bson import ObjectId

from expenses.models.documents import Reviewable
from finbrain.core.collections import LEDGER

Match = dict[str, Any]


def entries_of(ledger_id: ObjectId, **more: Any) -> Match:
    """Match the ledger's expenses that are not in the trash."""
    return {LEDGER: ledger_id, "deleted_at": None, **more}


def trash_of(ledger_id: ObjectId) -> Match:
    """Match the ledger's deleted expenses."""
    return {LEDGER: ledger_id, "deleted_at": {"$ne": None}}


def waiting_for_review(ledger_id: ObjectId, threshold: float) -> Match:
    """Match the ledger's expenses that FinBrain is unsure of."""
    return entries_of(ledger_id, **unsure(threshold))


def unsure(threshold: float) -> Match:
    """Match expenses that nobody has reviewed and whose confidence is below `threshold` (0 to 1)."""
    return {"reviewed": False, "confidence": {"$lt": threshold}}


def unsure_expression(threshold: float) -> Match:
    """Return `unsure` as an aggregation expression."""
    return {"$and": [{"$not": ["$reviewed"]}, {"$lt": ["$confidence", threshold]}]}


def is_unsure(stored: Reviewable, threshold: float) -> bool:
    """Whether FinBrain is unsure of a stored expense."""
    confidence = stored["confidence"]
    return not stored["reviewed"] and confidence is not None and confidence < threshold

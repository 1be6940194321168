"""Filters for MongoDB, named after what pages ask; and the one definition of "unsure"."""

from typing import Any

from bson import ObjectId

from expenses.models.documents import Reviewable
from finbrain.core.collections import LEDGER

Match = dict[str, Any]


def entries_of(ledger_id: ObjectId, **more: Any) -> Match:
    """A ledger's expenses that are not in the trash."""
    return {LEDGER: ledger_id, "deleted_at": None, **more}


def trash_of(ledger_id: ObjectId) -> Match:
    """A ledger's deleted expenses."""
    return {LEDGER: ledger_id, "deleted_at": {"$ne": None}}


def waiting_for_review(ledger_id: ObjectId, threshold: float) -> Match:
    """A ledger's expenses that FinBrain is unsure of."""
    return entries_of(ledger_id, **unsure(threshold))


def unsure(threshold: float) -> Match:
    """What FinBrain was less sure of than `threshold` (0 to 1) and nobody has reviewed."""
    return {"reviewed": False, "confidence": {"$lt": threshold}}


def unsure_expression(threshold: float) -> Match:
    """`unsure` as an expression inside an aggregation."""
    return {"$and": [{"$not": ["$reviewed"]}, {"$lt": ["$confidence", threshold]}]}


def is_unsure(stored: Reviewable, threshold: float) -> bool:
    """`unsure` for one stored expense."""
    confidence = stored["confidence"]
    return not stored["reviewed"] and confidence is not None and confidence < threshold

"""The definition of "unsure" for a query, an aggregation and one expense; `Expense.objects` has it for Django."""

from typing import Any

from expenses.models.documents import Reviewable

Match = dict[str, Any]


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


def is_unfiled(stored: Reviewable) -> bool:
    """Whether a stored expense is waiting for the first model. Without one, FinBrain has no confidence at all."""
    return not stored["reviewed"] and stored["confidence"] == 0

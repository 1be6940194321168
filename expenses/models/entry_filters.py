"""MongoDB filters for the queries that pages need."""

from typing import Any

from bson import ObjectId

from expenses.models.unsure import Match, unsure
from finbrain.core.past_the_orm import LEDGER


def entries_of(ledger_id: ObjectId, **more: Any) -> Match:
    """Match the ledger's expenses that are not in the trash."""
    return {LEDGER: ledger_id, "deleted_at": None, **more}


def trash_of(ledger_id: ObjectId) -> Match:
    """Match the ledger's deleted expenses."""
    return {LEDGER: ledger_id, "deleted_at": {"$ne": None}}


def waiting_for_review(ledger_id: ObjectId, threshold: float) -> Match:
    """Match the ledger's expenses that FinBrain is unsure of."""
    return entries_of(ledger_id, **unsure(threshold))

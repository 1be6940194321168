"""Count the expenses that need review. Every page shows the count beside the inbox, so it is cached."""

from collections.abc import Mapping
from datetime import date

from bson import ObjectId

from expenses.models import Expense, entry_filters
from expenses.models.expense import TO_REVIEW
from expenses.models.unsure import unsure
from finbrain.core import tolerant_cache
from finbrain.core.past_the_orm import LEDGER, collection

_KEPT_SECONDS = 24 * 3600


def waiting_count(ledger_id: ObjectId, threshold: float, tokens: Mapping[date, str]) -> int:
    """Return the count, never older than `tokens`: those of all the ledger's months, from `sums.month_tokens`."""
    key = waiting_key(ledger_id, threshold, tokens)
    count = tolerant_cache.get_many([key]).get(key)
    if count is None:
        count = count_waiting(ledger_id, threshold)
        tolerant_cache.set_many({key: count}, _KEPT_SECONDS)
    return count


def waiting_key(ledger_id: ObjectId, threshold: float, tokens: Mapping[date, str]) -> str:
    """Return the cache key of the count."""
    return tolerant_cache.cache_key("waiting", ledger_id, threshold, sorted(tokens.items()))


def count_waiting(ledger_id: ObjectId, threshold: float) -> int:
    """Count the expenses in the database.

    Reads none of them but those in the trash: an index counts all that FinBrain is unsure of.
    """
    expenses, doubt = collection(Expense), unsure(threshold)
    in_trash = [{"$match": entry_filters.trash_of(ledger_id) | doubt}, {"$count": "in_trash"}]
    union = {"$unionWith": {"coll": expenses.name, "pipeline": in_trash}}
    counts = expenses.aggregate([{"$match": {LEDGER: ledger_id, **doubt}}, {"$count": "all"}, union], hint=TO_REVIEW)
    found = {name: count for row in counts for name, count in row.items()}
    return found.get("all", 0) - found.get("in_trash", 0)

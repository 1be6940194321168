"""Filter a list by merchant: by every title that names it, as the dashboard counts them."""

from expenses.models import Expense
from expenses.models.documents import shown_title_expression
from expenses.models.entry_filters import Match
from expenses.sums.merchants import merchant_key
from finbrain.core.past_the_orm import collection
from finbrain.core.stored import text


def match_merchant(match: Match, title: str) -> Match:
    """Limit a filter to the entries of the merchant that a title names.

    Costs an aggregation: MongoDB can't tell which titles name the same merchant, so it lists those that the filter
    finds, and gets back those that do.
    """
    wanted = merchant_key(title)
    groups = collection(Expense).aggregate(
        [{"$match": match}, {"$group": {"_id": shown_title_expression()}}], batchSize=10_000
    )
    titles = [group["_id"] for group in groups if merchant_key(text(group["_id"])) == wanted]
    shown = {
        "$or": [{"shown_title": {"$in": titles}}, {"shown_title": {"$not": {"$gt": ""}}, "title": {"$in": titles}}]
    }
    return {**match, "$and": [*match.get("$and", []), shown]}

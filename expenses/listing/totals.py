"""The count and total of a list in one currency, cached until an expense or a rate changes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from bson import ObjectId

from expenses import money, rates
from expenses.listing.match import Match
from expenses.listing.query import ListQuery
from expenses.listing.waiting import count_waiting, waiting_key
from expenses.models import Expense
from expenses.models.documents import READ_AMOUNT, READ_DAY, digits_in
from expenses.months import first_day
from expenses.rates.series import rates_version
from expenses.sums.figures import add_up, rates_needed
from expenses.sums.month_sums import Sum
from finbrain.core import tolerant_cache
from finbrain.core.past_the_orm import collection
from finbrain.core.stored import text

_HOURS_24 = 24 * 3600


@dataclass(frozen=True)
class Totals:
    """The count and total of a list.

    total: in the display currency, the sum of the (month, category) cells, each rounded once as on the dashboard.
    left_out: how many expenses have no rate and aren't in the total. earlier, own: how many were converted at an
    earlier day's rate, and at an own rate. waiting: how many of all the ledger's expenses need review.
    """

    count: int
    total: Decimal
    left_out: int
    earlier: int
    own: int
    waiting: int


def totals_of(
    ledger_id: ObjectId, query: ListQuery, match: Match, display: str, threshold: float, tokens: Mapping[date, str]
) -> Totals:
    """Return the totals of `match`, the filter of `query`. tokens: of all the ledger's months, from `all_tokens`."""
    seen = {month: token for month, token in tokens.items() if query.covers(month)}
    sum_key = tolerant_cache.key_of("sum2", ledger_id, match, display, rates_version(), sorted(seen.items()))
    count_key = waiting_key(ledger_id, threshold, tokens)
    cached = tolerant_cache.get_many([sum_key, count_key])
    missing = {}
    if sum_key not in cached:
        count, total, left_out, earlier, own = count_and_sum(match, display)
        missing[sum_key] = [count, str(total), left_out, earlier, own]
    if count_key not in cached:
        missing[count_key] = count_waiting(ledger_id, threshold)
    tolerant_cache.set_many(missing, _HOURS_24)
    found = cached | missing
    count, total, left_out, earlier, own = found[sum_key]
    return Totals(count, Decimal(total), left_out, earlier, own, waiting=found[count_key])


def count_and_sum(match: Match, display: str) -> tuple[int, Decimal, int, int, int]:
    """Return (count, total, left out, at an earlier day's rate, at an own rate) of the matching expenses."""
    groups = collection(Expense).aggregate(_grouping(match, display), batchSize=10_000)
    sums = _by_month(groups)
    book = rates.rates_for(rates_needed(sums, display))
    cells = [cell for month, rows in sums.items() for cell in add_up(month, rows, display, book).values()]
    total = sum((cell.shown(display) for cell in cells), money.quantize(Decimal(0), display))
    left_out = sum(sum(cell.excluded.values()) for cell in cells)
    counted = sum(cell.count for cell in cells)
    return counted + left_out, total, left_out, sum(cell.earlier for cell in cells), sum(cell.own for cell in cells)


def _grouping(match: Match, display: str) -> list[dict[str, Any]]:
    """Build the aggregation. Amounts in the display currency are added up by month, all others by day for its rate."""
    plain = {"$eq": ["$currency", display]}
    key = {
        "day": {"$cond": [plain, {"$dateTrunc": {"date": READ_DAY, "unit": "month"}}, READ_DAY]},
        "category": "$category",
        "currency": "$currency",
        "own_rate": {"$cond": [plain, None, digits_in("$own_rate")]},
        "own_currency": {"$cond": [plain, None, "$own_rate_currency"]},
    }
    group = {"$group": {"_id": key, "amount": {"$sum": READ_AMOUNT}, "count": {"$sum": 1}}}
    return [{"$match": match}, group, {"$set": {"amount": {"$toString": "$amount"}}}]


def _by_month(groups: Iterable[Mapping[str, Any]]) -> dict[date, list[Sum]]:
    """Convert the groups to the sums of each month."""
    sums: dict[date, list[Sum]] = defaultdict(list)
    for group in groups:
        key, day = group["_id"], group["_id"]["day"].date()
        own_rate, own_currency = key["own_rate"], text(key.get("own_currency"))
        plain = text(key.get("category")), text(key.get("currency"))
        row = Sum(day.day, *plain, own_rate, own_currency, False, group["amount"], group["count"])
        sums[first_day(day)].append(row)
    return sums

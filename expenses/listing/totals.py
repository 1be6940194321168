"""Count and total of what a filter matches, in one currency; cached until a write or a new rate changes them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from bson import ObjectId

from expenses import money, rates
from expenses.listing.filters import ListQuery
from expenses.listing.match import Match
from expenses.listing.waiting import count_waiting, waiting_key
from expenses.models import Expense
from expenses.rates.series import rates_version
from finbrain.core import tolerant_cache
from finbrain.core.collections import collection

HOURS_24 = 24 * 3600
Cell = tuple[str, str]


@dataclass(frozen=True)
class Totals:
    """What a list amounts to.

    total: in the display currency, the sum of its (month, category) cells, each rounded once, as on the dashboard.
    left_out: how many expenses have no rate for it and are not in the total. earlier: how many are in it at the rate of
    an earlier day. own: at a rate of the person's own. waiting: how many of the ledger's expenses
    wait for review, whatever the filter.
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
    """The totals of `match`, which is `query`'s filter. tokens: of all the ledger's months, from `all_tokens`."""
    seen = {month: token for month, token in tokens.items() if query.covers(month)}
    sum_key = tolerant_cache.key_of("sum2", ledger_id, match, display, rates_version(), sorted(seen.items()))
    count_key = waiting_key(ledger_id, threshold, tokens)
    cached = tolerant_cache.get_many([sum_key, count_key])
    missing = {}
    if sum_key not in cached:
        count, total, *doubts = count_and_sum(match, display)
        missing[sum_key] = [count, str(total), *doubts]
    if count_key not in cached:
        missing[count_key] = count_waiting(ledger_id, threshold)
    tolerant_cache.set_many(missing, HOURS_24)
    count, total, *doubts = (cached | missing)[sum_key]
    return Totals(count, Decimal(total), *doubts, (cached | missing)[count_key])


def count_and_sum(match: Match, display: str) -> tuple[int, Decimal, int, int, int]:
    """(count, total, left out, at an earlier, at an own rate): summed in the database, the few sums converted here."""
    groups = list(collection(Expense).aggregate(grouping(match, display), batchSize=10_000))
    pairs = {(pair_day(group), code) for group in groups for code in codes_of(group, display)}
    book = rates.rates_for(pairs)
    cells: dict[Cell, Decimal] = defaultdict(Decimal)
    count = left_out = earlier = own = 0
    for group in groups:
        key = group["_id"]
        count += group["count"]
        amount = group["sum"].to_decimal()
        converted = book.convert(amount, key["currency"], display, pair_day(group), own_rate(key))
        if converted is None:
            left_out += group["count"]
        else:
            cells[key["month"], key["category"]] += converted.amount
            earlier += group["count"] if converted.earlier and not converted.own else 0
            own += group["count"] if converted.own else 0
    total = sum((money.quantize(cell, display) for cell in cells.values()), Decimal(0))
    return count, money.quantize(total, display), left_out, earlier, own


def grouping(match: Match, display: str) -> list[dict[str, Any]]:
    """What is already in the display currency needs no day; everything else is summed by day, for the day's rate."""
    own = {"rate": "$own_rate", "rate_currency": "$own_rate_currency"}
    plain = {"$eq": ["$currency", display]}
    key = {
        "month": {"$dateToString": {"date": "$spent_on", "format": "%Y-%m"}},
        "category": "$category",
        "currency": "$currency",
        "day": {"$cond": [plain, None, "$spent_on"]},
        **{name: {"$cond": [plain, None, column]} for name, column in own.items()},
    }
    return [{"$match": match}, {"$group": {"_id": key, "sum": {"$sum": "$amount"}, "count": {"$sum": 1}}}]


def pair_day(group: Mapping[str, Any]) -> date:
    day = group["_id"]["day"]
    return day.date() if day else date.min


def codes_of(group: Mapping[str, Any], display: str) -> Iterable[str]:
    """The currencies whose rates a group needs: none for what is in the display currency already."""
    key = group["_id"]
    return {key["currency"], key["rate_currency"] or display, display} if key["day"] else ()


def own_rate(row: Mapping[str, Any]) -> rates.OwnRate | None:
    """The own rate in a group's key (`rate`, `rate_currency`), if it has one."""
    return rates.OwnRate(row["rate"].to_decimal(), row["rate_currency"]) if row["rate"] else None

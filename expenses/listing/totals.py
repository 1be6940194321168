"""The count and the sums of a list in one currency, cached until an expense or a rate changes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from expenses import money, rates
from expenses.listing.match import Match
from expenses.listing.query import ListQuery
from expenses.listing.waiting import count_waiting, waiting_key
from expenses.models import Expense
from expenses.models.documents import READ_DAY, digits_in
from expenses.models.kinds import kind_expression
from expenses.models.ledger import Ledger
from expenses.models.own_rates import LedgerRate
from expenses.months import first_day
from expenses.rates.series import rates_version
from expenses.sums.aggregation import SUMMED
from expenses.sums.besides import Besides, add_besides
from expenses.sums.figures import add_up, rates_needed
from expenses.sums.month_sums import Sum, as_counted
from expenses.sums.rate_facts import RateFacts
from finbrain.core import tolerant_cache
from finbrain.core.past_the_orm import collection
from finbrain.core.stored import text

_HOURS_24 = 24 * 3600


class ListSums(NamedTuple):
    """The sums of a list in the display currency.

    count: of all entries. spent: how many of them were spent. total: what was spent, the sum of the (month, category)
    cells, each rounded once as on the dashboard. rates: those that the total rests on. besides: what else was moved and
    received.
    """

    count: int
    spent: int
    total: Decimal
    rates: RateFacts
    besides: Besides

    def to_json(self) -> list[Any]:
        return [self.count, self.spent, str(self.total), self.rates.to_json(), self.besides.to_json()]

    @classmethod
    def from_json(cls, data: list[Any]) -> "ListSums":
        count, spent, total, facts, besides = data
        return cls(count, spent, Decimal(total), RateFacts.from_json(facts), Besides.from_json(besides))


def totals_of(
    ledger: Ledger, query: ListQuery, match: Match, display: str, tokens: Mapping[date, str]
) -> tuple[ListSums, int]:
    """Return the sums of `match`, the filter of `query`, and how many of all the ledger's expenses need review.

    tokens: of all the ledger's months, from `all_tokens`.
    """
    seen = {month: token for month, token in tokens.items() if query.covers(month)}
    settings = display, ledger.cash_withdrawn, ledger.own_rates, rates_version()
    sum_key = tolerant_cache.key_of("sum4", ledger.id, match, settings, sorted(seen.items()))
    count_key = waiting_key(ledger.id, ledger.threshold, tokens)
    cached = tolerant_cache.get_many([sum_key, count_key])
    missing = {}
    if sum_key not in cached:
        missing[sum_key] = count_and_sum(match, display, **_counting(ledger)).to_json()
    if count_key not in cached:
        missing[count_key] = count_waiting(ledger.id, ledger.threshold)
    tolerant_cache.set_many(missing, _HOURS_24)
    found = cached | missing
    return ListSums.from_json(found[sum_key]), found[count_key]


def _counting(ledger: Ledger) -> dict[str, Any]:
    return {"cash_withdrawn": ledger.cash_withdrawn, "own_rates": ledger.own_rates}


def sums_by_month(match: Match, display: str, *, cash_withdrawn: bool = False) -> dict[date, list[Sum]]:
    """Return the sums of the matching entries that convert alike, in the currencies in which they were entered."""
    groups = collection(Expense).aggregate(_grouping(match, display), batchSize=10_000)
    return _by_month(groups, cash_withdrawn)


def count_and_sum(
    match: Match, display: str, *, cash_withdrawn: bool = False, own_rates: Sequence[LedgerRate] = ()
) -> ListSums:
    """Return the sums of the matching entries. cash_withdrawn, own_rates: the ledger's."""
    sums = sums_by_month(match, display, cash_withdrawn=cash_withdrawn)
    book = rates.rates_for(rates_needed(sums, display), own_rates)
    months = [add_up(month, rows, display, book) for month, rows in sums.items()]
    cells = [cell for figures in months for cell in figures.spent.values()]
    facts = RateFacts(display)
    for cell in cells:
        facts.add(cell)
    return ListSums(
        count=sum(row.count for rows in sums.values() for row in rows),
        spent=sum(cell.count for cell in cells) + facts.left_out,
        total=sum((cell.shown(display) for cell in cells), money.quantize(Decimal(0), display)),
        rates=facts,
        besides=add_besides(((figures.moved, figures.received) for figures in months), display),
    )


def _grouping(match: Match, display: str) -> list[dict[str, Any]]:
    """Build the aggregation. Amounts in the display currency are added up by month, all others by day for its rate."""
    plain = {"$eq": ["$currency", display]}
    key = {
        "day": {"$cond": [plain, {"$dateTrunc": {"date": READ_DAY, "unit": "month"}}, READ_DAY]},
        "category": "$category",
        "currency": "$currency",
        "own_rate": {"$cond": [plain, None, digits_in("$own_rate")]},
        "own_currency": {"$cond": [plain, None, "$own_rate_currency"]},
        "kind": kind_expression(),
    }
    digits = {"$set": {name: {"$toString": f"${name}"} for name in ("amount", "once")}}
    return [{"$match": match}, {"$group": {"_id": key, **SUMMED}}, digits]


def _by_month(groups: Iterable[Mapping[str, Any]], cash_withdrawn: bool) -> dict[date, list[Sum]]:
    """Convert the groups to the sums of each month."""
    sums: dict[date, list[Sum]] = defaultdict(list)
    for group in groups:
        key, day = group["_id"], group["_id"]["day"].date()
        own_rate, own_currency = key["own_rate"], text(key.get("own_currency"))
        plain = text(key.get("category")), text(key.get("currency"))
        added = group["amount"], group["count"], key["kind"], False, group["once"]
        row = Sum(day.day, *plain, own_rate, own_currency, False, *added)
        sums[first_day(day)].append(as_counted(row, cash_withdrawn=cash_withdrawn))
    return sums

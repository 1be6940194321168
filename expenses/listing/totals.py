"""The count and the sums of a list in one currency, cached until an expense or a rate changes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from classifier.categories import Kind
from expenses import money, rates
from expenses.listing.match import Match
from expenses.listing.query import ListQuery
from expenses.listing.waiting import count_waiting, waiting_key
from expenses.models import Expense
from expenses.models.documents import READ_DAY, Expression, digits_in
from expenses.models.kinds import kind_expression
from expenses.models.ledger import Ledger
from expenses.models.own_rates import LedgerRate
from expenses.months import month_of, number_in
from expenses.rates.rate_series import rates_version
from expenses.sums.aggregation import SUMMED, Stage, month_expression
from expenses.sums.besides import Besides, add_besides
from expenses.sums.figures import KindFigures, add_up, rates_needed
from expenses.sums.month_sums import Sum, as_counted
from expenses.sums.rate_facts import RateFacts
from finbrain.core import tolerant_cache
from finbrain.core.dates import midnight
from finbrain.core.past_the_orm import collection
from finbrain.core.stored import text

_HOURS_24 = 24 * 3600


class Span(NamedTuple):
    """The days of the rows on a page, both included."""

    first: date
    last: date


class DaySum(NamedTuple):
    """What a day adds up to. total: digits as text, "" if nothing is added up. left_out: how many have no rate."""

    total: str
    left_out: int


class ListSums(NamedTuple):
    """The sums of a list in the display currency.

    count: of all entries. spent: how many of them were spent. total: what was spent, the sum of the (month, category)
    cells, each rounded once as on the dashboard. rates: those that the total rests on. besides: what else was moved and
    received. days: the sum of each day on the page, in ISO format: the total of a list of only that day.
    elsewhere: how many entries of other months match, None if nobody asked.
    """

    count: int
    spent: int
    total: Decimal
    rates: RateFacts
    besides: Besides
    days: Mapping[str, DaySum] = {}
    elsewhere: int | None = None

    def to_json(self) -> list[Any]:
        return [
            *(self.count, self.spent, str(self.total), self.rates.to_json(), self.besides.to_json()),
            *(self.days, self.elsewhere),
        ]

    @classmethod
    def from_json(cls, data: list[Any]) -> "ListSums":
        count, spent, total, facts, besides, days, elsewhere = data
        by_day = {day: DaySum(*values) for day, values in days.items()}
        facts, besides = RateFacts.from_json(facts), Besides.from_json(besides)
        return cls(count, spent, Decimal(total), facts, besides, by_day, elsewhere)


def list_totals(
    ledger: Ledger,
    query: ListQuery,
    match: Match,
    display: str,
    tokens: Mapping[date, str],
    span: Span | None = None,
) -> tuple[ListSums, int]:
    """Return the sums of `match`, the filter of `query`, and how many of all the ledger's expenses need review.

    tokens: of all the ledger's months, from `all_tokens`. span: the days whose own sums are needed.
    """
    seen = {month: token for month, token in tokens.items() if query.covers(month) or query.asks_elsewhere}
    settings = display, ledger.cash_withdrawn, ledger.own_rates, rates_version(), query.kind, span
    sum_key = tolerant_cache.cache_key("sum5", ledger.id, match, settings, sorted(seen.items()), query.asks_elsewhere)
    count_key = waiting_key(ledger.id, ledger.threshold, tokens)
    cached = tolerant_cache.get_many([sum_key, count_key])
    missing = {}
    if sum_key not in cached:
        asked: dict[str, Any] = {"span": span, "kind": query.kind, "elsewhere": query.asks_elsewhere}
        missing[sum_key] = count_and_sum(match, display, **_counting(ledger), **asked).to_json()
    if count_key not in cached:
        missing[count_key] = count_waiting(ledger.id, ledger.threshold)
    tolerant_cache.set_many(missing, _HOURS_24)
    found = cached | missing
    return ListSums.from_json(found[sum_key]), found[count_key]


def day_sums(ledger: Ledger, match: Match, display: str, span: Span, kind: Kind) -> Mapping[str, DaySum]:
    """Return the sums of the days of a page, with one aggregation of only these days."""
    days = {"$and": [match, {"spent_on": {"$gte": midnight(span.first), "$lte": midnight(span.last)}}]}
    return count_and_sum(days, display, **_counting(ledger), span=span, kind=kind).days


def _counting(ledger: Ledger) -> dict[str, Any]:
    return {"cash_withdrawn": ledger.cash_withdrawn, "own_rates": ledger.own_rates}


@dataclass
class _Groups:
    """The entries that convert alike, by month, and those of the days on the page also by day."""

    months: dict[date, list[Sum]] = field(default_factory=lambda: defaultdict(list))
    days: dict[date, list[Sum]] = field(default_factory=lambda: defaultdict(list))
    elsewhere: int = 0


def sums_by_month(match: Match, display: str, *, cash_withdrawn: bool = False) -> dict[date, list[Sum]]:
    """Return the sums of the matching entries that convert alike, in the currencies in which they were entered."""
    return _read_groups(_grouping(match, display, None), cash_withdrawn).months


def count_and_sum(
    match: Match,
    display: str,
    *,
    cash_withdrawn: bool = False,
    own_rates: Sequence[LedgerRate] = (),
    span: Span | None = None,
    kind: Kind = Kind.SPENT,
    elsewhere: bool = False,
) -> ListSums:
    """Return the sums of the matching entries, with one aggregation.

    cash_withdrawn, own_rates: the ledger's. span: the days whose own sums are needed, of entries of `kind`.
    elsewhere: whether to count what matches in other months, too.
    """
    pipeline = _grouping(match, display, span)
    groups = _read_groups(_with_elsewhere(pipeline, match) if elsewhere else pipeline, cash_withdrawn)
    book = rates.rates_for(rates_needed(groups.months, display), own_rates)
    months = [add_up(month, rows, display, book) for month, rows in groups.months.items()]
    cells = [cell for figures in months for cell in figures.spent.values()]
    facts = RateFacts(display)
    for cell in cells:
        facts.add(cell)
    days = {day: add_up(month_of(day), rows, display, book) for day, rows in groups.days.items()}
    return ListSums(
        count=sum(row.count for rows in groups.months.values() for row in rows),
        spent=sum(cell.count for cell in cells) + facts.left_out,
        total=sum((cell.shown(display) for cell in cells), money.quantize(Decimal(0), display)),
        rates=facts,
        besides=add_besides(((figures.moved, figures.received) for figures in months), display),
        days={day.isoformat(): _day_sum(figures, kind, display) for day, figures in days.items()},
        elsewhere=groups.elsewhere if elsewhere else None,
    )


def _day_sum(figures: KindFigures, kind: Kind, display: str) -> DaySum:
    """Add up a day as the total of a list of only that day does."""
    of_kind = {Kind.SPENT: figures.spent, Kind.MOVED: figures.moved, Kind.RECEIVED: figures.received}[kind]
    left_out = sum(sum(cell.excluded.values()) for cell in of_kind.values())
    besides = add_besides([(figures.moved, figures.received)], display)
    spent = sum((cell.shown(display) for cell in figures.spent.values()), money.quantize(Decimal(0), display))
    total = {Kind.SPENT: spent, Kind.MOVED: besides.moved, Kind.RECEIVED: besides.received}[kind]
    return DaySum(str(total) if any(cell.count for cell in of_kind.values()) else "", left_out)


def _grouping(match: Match, display: str, span: Span | None) -> list[Stage]:
    """Build the aggregation. Amounts in the display currency are added up by month, all others by day for its rate.

    Those of the days in `span` are all added up by day.
    """
    listed = _between(READ_DAY, span) if span else {"$literal": False}
    plain = {"$eq": ["$currency", display]}
    by_month = {"$and": [plain, {"$not": [listed]}]}
    key = {
        "month": month_expression(READ_DAY),
        "day": {"$cond": [by_month, None, READ_DAY]},
        "listed": listed,
        "category": "$category",
        "currency": "$currency",
        "own_rate": {"$cond": [plain, None, digits_in("$own_rate")]},
        "own_currency": {"$cond": [plain, None, "$own_rate_currency"]},
        "kind": kind_expression(),
    }
    digits = {"$set": {name: {"$toString": f"${name}"} for name in ("amount", "once")}}
    return [{"$match": match}, {"$group": {"_id": key, **SUMMED}}, digits]


def _between(day: Any, span: Span) -> Expression:
    return {"$and": [{"$gte": [day, midnight(span.first)]}, {"$lte": [day, midnight(span.last)]}]}


def _with_elsewhere(pipeline: list[Stage], match: Match) -> list[Stage]:
    """Widen the aggregation of a filter to all days. What the filter leaves out for its day is one more group."""
    _match, group, digits = pipeline
    inside = {"$and": [{operator: ["$spent_on", bound]} for operator, bound in match["spent_on"].items()]}
    everywhere = {name: value for name, value in match.items() if name != "spent_on"}
    key = {"$cond": [inside, group["$group"]["_id"], None]}
    return [{"$match": everywhere}, {"$group": group["$group"] | {"_id": key}}, digits]


def _read_groups(pipeline: list[Stage], cash_withdrawn: bool) -> _Groups:
    """Read the groups, and convert them to sums."""
    found = _Groups()
    for group in collection(Expense).aggregate(pipeline, batchSize=10_000):
        if (key := group["_id"]) is None:
            found.elsewhere = group["count"]
            continue
        month = key["month"].date()
        day = key["day"].date() if key["day"] else month
        plain = text(key.get("category")), text(key.get("currency"))
        added = group["amount"], group["count"], key["kind"], False, group["once"]
        row = Sum(number_in(month, day), *plain, key["own_rate"], text(key.get("own_currency")), False, *added)
        counted = as_counted(row, cash_withdrawn=cash_withdrawn)
        found.months[month].append(counted)
        if key["listed"]:
            found.days[day].append(counted)
    return found

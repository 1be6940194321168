"""Read the sums of the entries of a list that convert alike, with one aggregation."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, TypedDict

from expenses.listing.mongodb_filter import Match
from expenses.models import Expense
from expenses.models.documents import READ_DAY, Expression, digits_in
from expenses.models.kinds import kind_expression
from expenses.months import month_of, number_in
from expenses.rates import RateBook
from expenses.sums.aggregation import DIGITS, SUMMED, Stage, month_expression
from expenses.sums.converting import add_up
from expenses.sums.figures import KindFigures
from expenses.sums.month_sums import Sum, as_counted
from finbrain.core.dates import midnight
from finbrain.core.past_the_orm import collection
from finbrain.core.stored import text


class Span(NamedTuple):
    """The days of the rows on a page, both included."""

    first: date
    last: date

    def has(self, day: date) -> bool:
        """Whether a day is one of these."""
        return self.first <= day <= self.last


@dataclass
class Groups:
    """The entries that convert alike, by month, and those of the days on the page also by day."""

    months: dict[date, list[Sum]] = field(default_factory=lambda: defaultdict(list))
    days: dict[date, list[Sum]] = field(default_factory=lambda: defaultdict(list))
    elsewhere: int = 0

    def add_up_days(self, display: str, book: RateBook) -> dict[date, KindFigures]:
        """Return what the days on the page add up to. book: must already have the rates."""
        return {day: add_up(month_of(day), rows, display, book) for day, rows in self.days.items()}


class _Key(TypedDict):
    """What the entries of a group have in common. day: None for those that are added up by month."""

    month: datetime
    day: datetime | None
    listed: bool
    category: object
    currency: object
    own_rate: str | None
    own_currency: object
    kind: str


class _Group(TypedDict):
    """A group in the answer of the database. _id: None for what the filter leaves out for its day."""

    _id: _Key | None
    amount: str
    count: int
    once: str


def within(match: Match, span: Span) -> Match:
    """Limit a filter to some days."""
    return {
        "$and": [match, {"spent_on": {"$gte": midnight(span.first), "$lt": midnight(span.last + timedelta(days=1))}}]
    }


def read_groups(
    match: Match,
    display: str,
    span: Span | None = None,
    *,
    cash_withdrawn: bool = False,
    elsewhere: bool = False,
    hint: str | None = None,
) -> Groups:
    """Read the groups. span: the days whose own sums are needed. elsewhere: whether to count other days' entries.

    hint: the index to use.
    """
    pipeline = _grouping(match, display, span)
    options: dict[str, Any] = {"batchSize": 10_000} | ({"hint": hint} if hint else {})
    found = collection(Expense, _Group).aggregate(
        _with_elsewhere(pipeline, match) if elsewhere else pipeline, **options
    )
    return _collect(found, cash_withdrawn)


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
    return [{"$match": match}, {"$group": {"_id": key, **SUMMED}}, {"$set": DIGITS}]


def _between(day: Any, span: Span) -> Expression:
    return {"$and": [{"$gte": [day, midnight(span.first)]}, {"$lte": [day, midnight(span.last)]}]}


def _with_elsewhere(pipeline: list[Stage], match: Match) -> list[Stage]:
    """Widen the aggregation of a filter to all days. What the filter leaves out for its day is one more group."""
    _match, group, digits = pipeline
    inside = {"$and": [{operator: ["$spent_on", bound]} for operator, bound in match["spent_on"].items()]}
    everywhere = {name: value for name, value in match.items() if name != "spent_on"}
    key = {"$cond": [inside, group["$group"]["_id"], None]}
    return [{"$match": everywhere}, {"$group": group["$group"] | {"_id": key}}, digits]


def _collect(rows: Iterable[_Group], cash_withdrawn: bool) -> Groups:
    """Convert the answer of the database to sums."""
    found = Groups()
    for group in rows:
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

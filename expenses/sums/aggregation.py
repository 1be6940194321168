"""Build the aggregation that reads the sums of some months in one pass. Pure: never asks the database."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from bson import ObjectId

from classifier.categories import Kind
from expenses.models.documents import LARGEST, READ_AMOUNT, digits_in, shown_title_expression
from expenses.models.entry_filters import entries_of
from expenses.models.kinds import kind_expression, of_kinds, once_expression
from expenses.models.unsure import unsure_expression
from expenses.months import ON_FIRST, ON_LAST_WORKING_DAY, add_months, current_start, first_of
from finbrain.core.dates import midnight
from finbrain.core.past_the_orm import LEDGER

# The biggest expenses kept per month and category, so that there are enough for any selection of categories.
BIGGEST = 8
# The most frequent titles of a month. These are all titles, unless somebody enters 30 different ones a day.
MERCHANT_TITLES = 1_000

Stage = dict[str, Any]
Days = tuple[date, date]
# All days that there are, but for the last, which has no day after it.
ALL: Days = (date.min, date.max - timedelta(days=1))

_SPENDING: Stage = of_kinds({Kind.SPENT}, cash_withdrawn=True)
# What is added up of the entries that convert alike. once: see `models.kinds.once_expression`.
SUMMED: Stage = {"amount": {"$sum": READ_AMOUNT}, "count": {"$sum": 1}, "once": {"$sum": once_expression()}}

DIGITS: Stage = {name: {"$toString": f"${name}"} for name in ("amount", "once")}

_FRIDAY, _SATURDAY = 5, 6


def month_expression(day: Any) -> Stage:
    """Return the month that a day is in, as an expression: what `months.month_of` returns."""
    start = current_start()
    if start == ON_FIRST:
        return _calendar_month(day)
    if start == ON_LAST_WORKING_DAY:
        weekday = {"$isoDayOfWeek": day}
        to_monday = {_FRIDAY: 3, _SATURDAY: 2}
        branches = [{"case": {"$eq": [weekday, each]}, "then": n} for each, n in to_monday.items()]
        has_begun = _is_next_month(day, {"$switch": {"branches": branches, "default": 1}})
    else:
        has_begun = {"$or": [{"$gte": [{"$dayOfMonth": day}, start]}, _is_next_month(day, 1)]}
    before = {"$dateSubtract": {"startDate": _calendar_month(day), "unit": "month", "amount": 1}}
    return {"$cond": [has_begun, _calendar_month(day), before]}


def _number_expression(day: Any) -> Stage:
    """Return the number of a day in its month, as an expression: what `months.number_in` returns."""
    if current_start() == ON_FIRST:
        return {"$dayOfMonth": day}
    days = {"$dateDiff": {"startDate": month_expression(day), "endDate": day, "unit": "day"}}
    return {"$add": [days, 1]}


def _calendar_month(day: Any) -> Stage:
    return {"$dateTrunc": {"date": day, "unit": "month"}}


def _is_next_month(day: Any, days: Any) -> Stage:
    """Whether it is another calendar month some days later."""
    return {"$ne": [{"$month": {"$dateAdd": {"startDate": day, "unit": "day", "amount": days}}}, {"$month": day}]}


def sum_pipeline(
    ledger_id: ObjectId, months: Sequence[date], threshold: float, display: str, by_day_from: date, days: Days = ALL
) -> list[Stage]:
    """Build the pipeline for the sums of every kind, and the biggest expenses and the titles.

    These two have withdrawals of cash, too, because a ledger may count them as spent. Titles in other currencies than
    `display` are added up by day, and all titles from `by_day_from` on. days: the first and the last day to add up.
    """
    return [
        {"$match": _match_months(ledger_id, months, days)},
        {
            "$facet": {
                "sums": [_group_sums(threshold), {"$set": DIGITS}, _group_days()],
                "biggest": [{"$match": {"amount": {"$gt": 0, "$lt": LARGEST}, **_SPENDING}}, _group_biggest()],
                "titles": [{"$match": _SPENDING}, *_group_titles(display, by_day_from), *_first_titles()],
            }
        },
    ]


def _match_months(ledger_id: ObjectId, months: Sequence[date], days: Days) -> Stage:
    spans = [{"spent_on": {"$gte": first, "$lt": after}} for first, after in _spans_of(months, days)]
    return entries_of(ledger_id) | (
        spans[0] if len(spans) == 1 else {"$or": [{LEDGER: ledger_id, **span} for span in spans]}
    )


def _group_sums(threshold: float) -> Stage:
    key = {
        "day": "$spent_on",
        "category": "$category",
        "currency": "$currency",
        "own_rate": digits_in("$own_rate"),
        "own_currency": "$own_rate_currency",
        "unsure": unsure_expression(threshold),
        "kind": kind_expression(),
        "one_off": {"$eq": ["$one_off", True]},
    }
    return {"$group": {"_id": key, **SUMMED}}


def _group_days() -> Stage:
    """Collect the days of a month whose sums differ in nothing else, because few documents are read faster."""
    names = ("category", "currency", "own_rate", "own_currency", "unsure", "kind", "one_off")
    key = {name: f"$_id.{name}" for name in names}
    month, number = month_expression("$_id.day"), _number_expression("$_id.day")
    lists = {name: {"$push": f"${name}"} for name in ("amount", "count", "once")}
    return {"$group": {"_id": {"month": month, **key}, "day": {"$push": number}, **lists}}


def _group_biggest() -> Stage:
    output = [
        {"$toString": "$_id"},
        shown_title_expression(),
        "$category",
        "$currency",
        digits_in("$amount"),
        _number_expression("$spent_on"),
        digits_in("$own_rate"),
        "$own_rate_currency",
        digits_in("$order_value"),
    ]
    top = {"$topN": {"n": BIGGEST, "sortBy": {"order_value": -1, "_id": 1}, "output": output}}
    return {"$group": {"_id": {"month": month_expression("$spent_on"), "category": "$category"}, "top": top}}


def _group_titles(display: str, by_day_from: date) -> list[Stage]:
    """Build the stages that group by title, with the parts of each title that convert alike."""
    foreign = {"$ne": ["$currency", display]}
    by_day = {"$or": [foreign, {"$gte": ["$spent_on", midnight(by_day_from)]}]}
    each = {
        "month": month_expression("$spent_on"),
        "title": shown_title_expression(),
        "category": "$category",
        "currency": "$currency",
        "day": {"$cond": [by_day, _number_expression("$spent_on"), None]},
        "own_rate": {"$cond": [foreign, digits_in("$own_rate"), None]},
        "own_currency": {"$cond": [foreign, "$own_rate_currency", None]},
    }
    part = ["$_id.day", "$_id.own_rate", "$_id.own_currency", {"$toString": "$amount"}, "$count"]
    title = {name: f"$_id.{name}" for name in ("month", "title", "category", "currency")}
    return [
        {"$group": {"_id": each, "amount": {"$sum": READ_AMOUNT}, "count": {"$sum": 1}}},
        {"$group": {"_id": title, "count": {"$sum": "$count"}, "parts": {"$push": {"$concatArrays": [part]}}}},
    ]


def _first_titles() -> list[Stage]:
    """Build the stages for the most frequent titles of each month, plus one that shows whether there are more."""
    row = {"key": "$_id", "parts": "$parts"}
    top = {"$topN": {"n": MERCHANT_TITLES + 1, "sortBy": {"count": -1, "_id": 1}, "output": row}}
    return [{"$group": {"_id": "$_id.month", "top": top}}]


def _spans_of(months: Iterable[date], days: Days) -> list[tuple[datetime, datetime]]:
    """Return the months as ranges from midnight to midnight, with adjacent months joined."""
    spans: list[tuple[datetime, datetime]] = []
    for month in sorted(months):
        since, after = max(first_of(month), days[0]), min(first_of(add_months(month, 1)), days[1] + timedelta(days=1))
        first, end = midnight(since), midnight(after)
        if spans and spans[-1][1] == first:
            first = spans.pop()[0]
        spans.append((first, end))
    return spans

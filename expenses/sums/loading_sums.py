"""Load the sums of months: from the cache, from what is stored, or added up by MongoDB.

Read the tokens first (`month_tokens`), then load the sums: they are never older than their token.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bson import ObjectId
from django.utils import timezone
from pymongo.errors import OperationFailure

from expenses.models import Expense
from expenses.models.expense import BY_DAY
from expenses.months import first_of, month_of, month_text, number_in
from expenses.sums.aggregation import ALL, MERCHANT_TITLES, Days, sum_pipeline
from expenses.sums.changed_days import changed_days
from expenses.sums.merchants import merchant_key
from expenses.sums.month_sums import Big, MonthSums, Part, Sum, Title
from expenses.sums.month_tokens import NEVER_WRITTEN
from expenses.sums.replaced_days import with_days_replaced
from expenses.sums.stored_months import LONG, read_stored_sums, store_sums
from finbrain.core import tolerant_cache
from finbrain.core.lru import LRU
from finbrain.core.past_the_orm import collection
from finbrain.core.stored import text

KEPT_SECONDS = 7 * 24 * 3600
# Each part is cached at once, so a page that ran out of time has less to do when it is asked for again.
_MONTHS_AT_ONCE = 12
# Part of every cache key, and of what sums are stored for. Raise it when the shape of `MonthSums` changes or what is
# added up, and when `normalise` changes.
_FORMAT = 5
# How many months each process remembers to replace their days after a write: about 1 MB each.
RENEWABLE = 10
# By key in the cache: the sums of such months, with the token that they are for.
remembered: LRU[str, tuple[str, MonthSums]] = LRU(size=RENEWABLE)


def is_renewable(sums: MonthSums, until: date | None) -> bool:
    """Whether only the days that changed are added up again after a write: in a long month that isn't over."""
    return sums.by_day and until is None and sums.count() >= LONG


@dataclass
class _Building:
    """The rows of a month, collected from the answer of the database."""

    sums: list[Sum] = field(default_factory=list)
    biggest: list[Big] = field(default_factory=list)
    titles: list[dict[str, Any]] = field(default_factory=list)


def load_sums(
    ledger_id: ObjectId, tokens: Mapping[date, str], threshold: float, display: str, until: date | None = None
) -> dict[date, MonthSums]:
    """Load the sums of every month in `tokens`, with at most one cache call.

    Of a long month that isn't over, only the days that changed are added up again. This process remembers such a month
    and caches only what it didn't make of what it remembers. Reads all other months that aren't cached in one round
    trip, and adds up those that aren't stored either, twelve at once. threshold: the ledger's. An expense that nobody
    reviewed is unsure if its confidence is lower. display: the currency to show, for `Title.parts`. until: the last day
    to add up.
    """
    written = {month: token for month, token in tokens.items() if token != NEVER_WRITTEN}
    made_for = {month: f"{_FORMAT}:{token}:{threshold}" for month, token in written.items()}
    name = f"{display}:{until}:{_FORMAT}:{threshold}"
    keys = {f"sums:{ledger_id}:{month_text(month)}:{name}": month for month in written}
    loaded: dict[date, MonthSums] = {}

    def keep(found: Mapping[date, MonthSums]) -> None:
        loaded.update(found)
        new = {key: [written[month], found[month].to_json()] for key, month in keys.items() if month in found}
        tolerant_cache.set_many(new, KEPT_SECONDS)

    def bring_up_to_date(month: date, token: str, sums: MonthSums) -> dict[date, MonthSums]:
        if token == written[month]:
            return {month: sums}
        if not is_renewable(sums, until):
            return {}
        changed = changed_days(ledger_id, month, token, written[month])
        return _with_changes(ledger_id, month, threshold, display, sums, changed)

    known = remembered.get_many(keys)
    for key, (token, sums) in known.items():
        loaded |= bring_up_to_date(keys[key], token, sums)
    for key, (token, content) in tolerant_cache.get_many(keys.keys() - known.keys()).items():
        found = bring_up_to_date(keys[key], token, MonthSums.from_json(content))
        if token == written[keys[key]]:
            loaded |= found
        else:
            keep(found)
    missing = {month: made_for[month] for month in written if month not in loaded}
    for found in _from_database(ledger_id, missing, threshold, display, until):
        keep(found)
    renewable = {key: month for key, month in keys.items() if is_renewable(loaded[month], until)}
    remembered.put_many({key: (written[month], loaded[month]) for key, month in renewable.items()})
    return {month: MonthSums() for month in tokens} | loaded


def _from_database(
    ledger_id: ObjectId, made_for: Mapping[date, str], threshold: float, display: str, until: date | None
) -> Iterator[dict[date, MonthSums]]:
    """Yield the stored sums, then the others as they are added up. made_for: as in `read_stored_sums`."""
    stored_sums = {} if until else read_stored_sums(ledger_id, display, made_for)
    yield stored_sums
    left = [month for month in made_for if month not in stored_sums]
    for first in range(0, len(left), _MONTHS_AT_ONCE):
        part = left[first : first + _MONTHS_AT_ONCE]
        yield (summed := sum_months(ledger_id, part, threshold, display, (date.min, until) if until else ALL))
        if not until:
            store_sums(ledger_id, display, made_for, summed)


def _with_changes(
    ledger_id: ObjectId, month: date, threshold: float, display: str, sums: MonthSums, changed: Sequence[date] | None
) -> dict[date, MonthSums]:
    """Return the sums of a month with its changed days added up again. Nothing if the whole month must be."""
    if not changed:
        return {} if changed is None else {month: sums}
    days = min(changed), max(changed)
    fresh = sum_months(ledger_id, [month], threshold, display, days)[month]
    found = with_days_replaced(sums, range(number_in(month, days[0]), number_in(month, days[1]) + 1), fresh)
    return {month: found} if found else {}


def sum_months(
    ledger_id: ObjectId, months: Sequence[date], threshold: float, display: str, days: Days = ALL
) -> dict[date, MonthSums]:
    """Add up the months with one aggregation, or with several if MongoDB reports that one takes too long or over 16 MB.

    days: the first and the last day to add up. There is no second attempt if MongoDB doesn't answer at all, because the
    person has waited long enough by then.
    """
    expenses, this_month = collection(Expense), first_of(month_of(timezone.localdate()))
    try:
        # Without the hint, MongoDB sometimes chooses the trash's index and reads every expense of the ledger.
        pipeline = sum_pipeline(ledger_id, months, threshold, display, this_month, days)
        (facets,) = expenses.aggregate(pipeline, hint=BY_DAY)
    except OperationFailure:
        if len(months) == 1:
            raise
        half = len(months) // 2
        parts = months[:half], months[half:]
        earlier, later = (sum_months(ledger_id, part, threshold, display, days) for part in parts)
        return earlier | later
    return _months_of_facets(months, facets, this_month)


def _months_of_facets(
    months: Sequence[date], facets: dict[str, list[dict[str, Any]]], by_day_from: date
) -> dict[date, MonthSums]:
    """Split the aggregation's answer by month. Months without expenses are included."""
    building = {(month.year, month.month): _Building() for month in months}
    for row in facets["sums"]:
        key, month = row["_id"], row["_id"]["month"]
        category, currency, own_currency = (text(key.get(name)) for name in ("category", "currency", "own_currency"))
        about = category, currency, key.get("own_rate"), own_currency, key["unsure"]
        kind, one_off = key["kind"], key["one_off"]
        days = zip(row["day"], row["amount"], row["count"], row["once"], strict=True)
        building[month.year, month.month].sums += [
            Sum(day, *about, amount, count, kind, one_off, once) for day, amount, count, once in days
        ]
    for row in facets["biggest"]:
        month = row["_id"]["month"]
        building[month.year, month.month].biggest += map(_big_of, row["top"])
    for row in facets["titles"]:
        building[row["_id"].year, row["_id"].month].titles = row["top"]
    return {month: _build_month(building[month.year, month.month], first_of(month) >= by_day_from) for month in months}


def _big_of(top: Sequence[Any]) -> Big:
    """Make a `Big` of the values that the aggregation lists in its order."""
    number, title, category, currency, amount, day, own_rate, own_currency, order_value = top
    texts = text(title), text(category), text(currency)
    return Big(number, *texts, amount, day, own_rate, text(own_currency), order_value or "0")


def _build_month(rows: _Building, by_day: bool) -> MonthSums:
    titles = list(map(_title_of, rows.titles[:MERCHANT_TITLES]))
    if by_day:
        rows.sums.sort(key=_place)
    return MonthSums(rows.sums, rows.biggest, titles, len(rows.titles) > MERCHANT_TITLES, by_day)


def _place(row: Sum) -> tuple[object, ...]:
    """Return a sort key: days in their order, and within a day always the same order, to see what has changed."""
    day, *about, unsure, _amount, _count, kind, one_off, _once = row
    return day, *(text or "" for text in about), unsure, kind, one_off


def _title_of(row: dict[str, Any]) -> Title:
    title, category, currency = (text(row["key"].get(name)) for name in ("title", "category", "currency"))
    parts = [Part(day, rate, text(own), *summed) for day, rate, own, *summed in row["parts"]]
    return Title(merchant_key(title), title, category, currency, parts)

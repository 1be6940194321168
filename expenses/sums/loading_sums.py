"""Load the sums of months: from the cache, from what is stored, or added up by MongoDB.

Read the tokens first (`month_tokens`), then load the sums: they are never older than their token.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from bson import ObjectId
from pymongo.errors import OperationFailure

from expenses.models import Expense
from expenses.models.expense import BY_DAY
from expenses.months import month_text
from expenses.sums.aggregation import MERCHANT_TITLES, sum_pipeline
from expenses.sums.merchants import merchant_key
from expenses.sums.month_sums import Big, Merchant, MerchantDay, MonthSums, Sum
from expenses.sums.month_tokens import NEVER_WRITTEN
from expenses.sums.stored_months import read_stored_sums, store_sums
from finbrain.core import tolerant_cache
from finbrain.core.past_the_orm import collection
from finbrain.core.stored import text

KEPT_SECONDS = 7 * 24 * 3600
# Each part is cached at once, so a page that ran out of time has less to do when it is asked for again.
_MONTHS_AT_ONCE = 12
# Part of every cache key, and of what sums are stored for. Raise it when the shape of `MonthSums` changes or what is
# added up, and when `normalise` changes.
_FORMAT = 4


@dataclass
class _Building:
    """The rows of a month, collected from the answer of the database."""

    sums: list[Sum] = field(default_factory=list)
    biggest: list[Big] = field(default_factory=list)
    titles: list[dict[str, Any]] = field(default_factory=list)


def load_sums(
    ledger_id: ObjectId, tokens: Mapping[date, str], threshold: float, display: str, until: date | None = None
) -> dict[date, MonthSums]:
    """Load the sums of every month in `tokens` with one cache call.

    Reads all months that aren't cached in one round trip, and adds up those that aren't stored either, twelve at once.
    threshold: the ledger's. An expense that nobody reviewed is unsure if its confidence is lower. display: the currency
    to show, for `foreign`. until: the last day to add up.
    """
    made_for = {month: f"{_FORMAT}:{token}:{threshold}" for month, token in tokens.items() if token != NEVER_WRITTEN}
    keys = {f"sums:{ledger_id}:{month_text(month)}:{display}:{until}:{what}": month for month, what in made_for.items()}
    found = tolerant_cache.get_many(keys)
    loaded = {keys[key]: MonthSums.from_json(data) for key, data in found.items()}
    missing = {month: made_for[month] for key, month in keys.items() if key not in found}
    if missing and not until:
        loaded |= _cached(keys, read_stored_sums(ledger_id, display, missing))
    left = [month for month in missing if month not in loaded]
    for first in range(0, len(left), _MONTHS_AT_ONCE):
        part = left[first : first + _MONTHS_AT_ONCE]
        summed = _cached(keys, sum_months(ledger_id, part, threshold, display, until))
        if not until:
            store_sums(ledger_id, display, made_for, summed)
        loaded |= summed
    return {month: MonthSums() for month in tokens} | loaded


def _cached(keys: Mapping[str, date], sums: dict[date, MonthSums]) -> dict[date, MonthSums]:
    """Cache sums under the keys of their months, and return them."""
    new = {key: sums[month].to_json() for key, month in keys.items() if month in sums}
    tolerant_cache.set_many(new, KEPT_SECONDS)
    return sums


def sum_months(
    ledger_id: ObjectId, months: Sequence[date], threshold: float, display: str, until: date | None = None
) -> dict[date, MonthSums]:
    """Add up the months with one aggregation, or with several if MongoDB reports that one takes too long or over 16 MB.

    There is no second attempt if MongoDB doesn't answer at all, because the person has waited long enough by then.
    """
    expenses = collection(Expense)
    try:
        # Without the hint, MongoDB sometimes chooses the trash's index and reads every expense of the ledger.
        (facets,) = expenses.aggregate(sum_pipeline(ledger_id, months, threshold, display, until), hint=BY_DAY)
    except OperationFailure:
        if len(months) == 1:
            raise
        half = len(months) // 2
        parts = months[:half], months[half:]
        earlier, later = (sum_months(ledger_id, part, threshold, display, until) for part in parts)
        return earlier | later
    return _months_of_facets(months, facets)


def _months_of_facets(months: Sequence[date], facets: dict[str, list[dict[str, Any]]]) -> dict[date, MonthSums]:
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
    return {month: _build_month(building[month.year, month.month]) for month in months}


def _big_of(top: Sequence[Any]) -> Big:
    """Make a `Big` of the values that the aggregation lists in its order."""
    number, title, category, currency, amount, day, own_rate, own_currency, order_value = top
    texts = text(title), text(category), text(currency)
    return Big(number, *texts, amount, day, own_rate, text(own_currency), order_value or "0")


def _build_month(rows: _Building) -> MonthSums:
    titles = rows.titles[:MERCHANT_TITLES]
    foreign = [day for row in titles for day in _foreign_days(row)]
    return MonthSums(rows.sums, rows.biggest, _merge_titles(titles), len(rows.titles) > MERCHANT_TITLES, foreign)


def _foreign_days(row: dict[str, Any]) -> list[MerchantDay]:
    title, category, currency = (text(row["key"].get(name)) for name in ("title", "category", "currency"))
    place = merchant_key(title), category, currency
    return [MerchantDay(*place, day, rate, text(own), *summed) for day, rate, own, *summed in row["days"]]


def _merge_titles(titles: Iterable[dict[str, Any]]) -> list[Merchant]:
    """Merge titles that normalise to the same text into one merchant. `titles` must be sorted, most frequent first."""
    merged: dict[tuple[str, str, str], Merchant] = {}
    for row in titles:
        title, category, currency = (text(row["key"].get(name)) for name in ("title", "category", "currency"))
        key = (merchant_key(title), category, currency)
        before = merged.get(key)
        amount, count = row["amount"], row["count"]
        if before:
            amount, count = str(Decimal(amount) + Decimal(before.amount)), count + before.count
        merged[key] = Merchant(key[0], before.title if before else title, category, currency, amount, count)
    return list(merged.values())

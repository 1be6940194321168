"""The sums of a ledger's expenses, added up by MongoDB and cached a month at a time under the month's token.

Read the tokens first (`month_tokens`), then load the sums: they are never older than their token. Amounts aren't
converted here, so each sum has the currency in which its amounts were entered.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from bson import ObjectId
from pymongo.errors import OperationFailure

from classifier.categories import CASH, FALLBACKS, Kind
from classifier.text import normalise
from expenses.models import Expense
from expenses.models.expense import BY_DAY
from expenses.models.kinds import counts_as
from expenses.months import month_text
from expenses.sums.aggregation import MERCHANT_TITLES, sum_pipeline
from expenses.sums.month_tokens import NEVER_WRITTEN
from finbrain.core import tolerant_cache
from finbrain.core.past_the_orm import collection
from finbrain.core.stored import text

KEPT_SECONDS = 7 * 24 * 3600
# Each part is cached at once, so a page that ran out of time has less to do when it is asked for again.
_MONTHS_AT_ONCE = 12
# Part of every cache key. Raise it when the shape of the cached values changes.
_FORMAT = 3

merchant_key = lru_cache(maxsize=20_000)(normalise)


class Sum(NamedTuple):
    """The entries of a day that are converted in the same way.

    day: its number in the month. amount, own_rate, once: digits as text. once: the amount that was moved, with each
    pair once.
    """

    day: int
    category: str
    currency: str
    own_rate: str | None
    own_currency: str
    unsure: bool
    amount: str
    count: int
    kind: str
    one_off: bool
    once: str


class Big(NamedTuple):
    """One of the biggest expenses of its month and category. order_value: the approximate value in EUR, as text."""

    id: str
    title: str
    category: str
    currency: str
    amount: str
    day: int
    own_rate: str | None
    own_currency: str
    order_value: str


class Merchant(NamedTuple):
    """The expenses whose titles name the same merchant. title: the most frequent spelling."""

    key: str
    title: str
    category: str
    currency: str
    amount: str
    count: int


class MerchantDay(NamedTuple):
    """What was spent at a merchant on a day and is converted alike.

    day: its number in the month. amount, own_rate: digits as text.
    """

    key: str
    category: str
    currency: str
    day: int
    own_rate: str | None
    own_currency: str
    amount: str
    count: int


def as_counted(row: Sum, *, cash_withdrawn: bool) -> Sum:
    """Return a sum as a ledger counts it: with the setting `cash_withdrawn`, withdrawals are spent under Other."""
    kind, category = counts_as(row.kind, row.category, cash_withdrawn=cash_withdrawn)
    if (kind, category) == (row.kind, row.category):
        return row
    return row._replace(kind=kind, category=category)


Counted = TypeVar("Counted", Big, Merchant, MerchantDay)


def spent_among(rows: Sequence[Counted], *, cash_withdrawn: bool) -> list[Counted]:
    """Return the rows that a ledger counts as spent. With the setting `cash_withdrawn`, withdrawals are under Other."""
    if not cash_withdrawn:
        return [row for row in rows if row.category != CASH]
    return [row._replace(category=FALLBACKS[Kind.SPENT]) if row.category == CASH else row for row in rows]


@dataclass(frozen=True)
class MonthSums:
    """The sums of a month of a ledger.

    biggest, merchants: of what was spent, and withdrawals of cash. truncated: whether there are more titles than
    `merchants` counts.
    """

    sums: Sequence[Sum] = ()
    biggest: Sequence[Big] = ()
    merchants: Sequence[Merchant] = ()
    truncated: bool = False

    def counted(self, *, cash_withdrawn: bool) -> "MonthSums":
        """Return the sums as a ledger counts them. cash_withdrawn: the ledger's."""
        sums = [as_counted(row, cash_withdrawn=cash_withdrawn) for row in self.sums]
        biggest = spent_among(self.biggest, cash_withdrawn=cash_withdrawn)
        return MonthSums(sums, biggest, spent_among(self.merchants, cash_withdrawn=cash_withdrawn), self.truncated)

    def to_json(self) -> list[Any]:
        return [self.sums, self.biggest, self.merchants, self.truncated]

    @classmethod
    def from_json(cls, data: list[Any]) -> "MonthSums":
        sums, biggest, merchants, truncated = data
        return cls(
            [Sum(*row) for row in sums],
            [Big(*row) for row in biggest],
            [Merchant(*row) for row in merchants],
            truncated,
        )


@dataclass
class _Building:
    """The rows of a month, collected from the answer of the database."""

    sums: list[Sum] = field(default_factory=list)
    biggest: list[Big] = field(default_factory=list)
    titles: list[dict[str, Any]] = field(default_factory=list)


def load_sums(
    ledger_id: ObjectId, tokens: Mapping[date, str], threshold: float, until: date | None = None
) -> dict[date, MonthSums]:
    """Load the sums of every month in `tokens` with one cache call, and one aggregation for twelve that aren't cached.

    threshold: the ledger's. An expense that nobody reviewed is unsure if its confidence is lower. until: the last day
    to add up.
    """
    keys = {
        f"sums:{_FORMAT}:{ledger_id}:{month_text(month)}:{token}:{threshold}:{until}": month
        for month, token in tokens.items()
        if token != NEVER_WRITTEN
    }
    found = tolerant_cache.get_many(keys)
    loaded = {keys[key]: MonthSums.from_json(data) for key, data in found.items()}
    missing = [month for key, month in keys.items() if key not in found]
    for first in range(0, len(missing), _MONTHS_AT_ONCE):
        part = missing[first : first + _MONTHS_AT_ONCE]
        summed = sum_months(ledger_id, part, threshold, until)
        new = {key: summed[month].to_json() for key, month in keys.items() if month in summed}
        tolerant_cache.set_many(new, KEPT_SECONDS)
        loaded |= summed
    return {month: MonthSums() for month in tokens} | loaded


def sum_months(
    ledger_id: ObjectId, months: Sequence[date], threshold: float, until: date | None = None
) -> dict[date, MonthSums]:
    """Add up the months with one aggregation, or with several if MongoDB reports that one takes too long or over 16 MB.

    There is no second attempt if MongoDB doesn't answer at all, because the person has waited long enough by then.
    """
    expenses = collection(Expense)
    try:
        # Without the hint, MongoDB sometimes chooses the trash's index and reads every expense of the ledger.
        (facets,) = expenses.aggregate(sum_pipeline(ledger_id, months, threshold, until), hint=BY_DAY)
    except OperationFailure:
        if len(months) == 1:
            raise
        half = len(months) // 2
        parts = months[:half], months[half:]
        earlier, later = (sum_months(ledger_id, part, threshold, until) for part in parts)
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
    truncated = len(rows.titles) > MERCHANT_TITLES
    return MonthSums(rows.sums, rows.biggest, _merge_titles(rows.titles[:MERCHANT_TITLES]), truncated)


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

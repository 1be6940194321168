"""A month's sums in the display currency, converted once at each day's rate and then cached.

A cell is one category in one month. It is stored exactly and rounded once, for display (`CategoryFigures.shown`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from bson import ObjectId

from expenses import money, rates
from expenses.months import month_text
from expenses.sums.month_sums import KEPT_SECONDS, Big, Merchant, MonthSums, Sum, load_sums
from expenses.sums.month_tokens import NEVER_WRITTEN
from finbrain.core import tolerant_cache
from finbrain.core.lru import LRU

# Part of every cache key. Raise it when the shape of the cached values changes.
FORMAT = 2
ZERO = Decimal(0)
# Precision of cached converted values, far finer than the rounding of any sum.
_STORED_EXPONENT = Decimal("1e-15")


class Flow(NamedTuple):
    """The spending in one currency. amount: in that currency. value: in the display currency.

    gross_amount, gross_value: the same with refunds counted as spending, so that their ratio is an average rate.
    """

    amount: Decimal = ZERO
    value: Decimal = ZERO
    gross_amount: Decimal = ZERO
    gross_value: Decimal = ZERO

    def plus(self, amount: Decimal, value: Decimal) -> "Flow":
        """Return the flow with one more amount and its value."""
        return Flow(
            self.amount + amount, self.value + value, self.gross_amount + abs(amount), self.gross_value + abs(value)
        )

    def joined(self, other: "Flow") -> "Flow":
        """Return the sum of both flows."""
        return Flow(
            self.amount + other.amount,
            self.value + other.value,
            self.gross_amount + other.gross_amount,
            self.gross_value + other.gross_value,
        )


@dataclass
class CategoryFigures:
    """One category in one month, in the display currency.

    days: day of the month -> value. unsure: the unsure part of the sum. count: the number of expenses in the sum.
    earlier, own: how many of them were converted at an earlier day's rate, and at an own rate.
    excluded: currency -> number of expenses without a rate, which are in no sum. flows: currency -> spending in it.
    """

    days: dict[int, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    unsure: Decimal = ZERO
    count: int = 0
    earlier: int = 0
    own: int = 0
    excluded: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    flows: dict[str, Flow] = field(default_factory=lambda: defaultdict(Flow))

    def add(self, row: Sum, converted: rates.Converted) -> None:
        self.days[row.day] += converted.amount
        self.count += row.count
        self.unsure += converted.amount if row.unsure else ZERO
        self.earlier += row.count if converted.earlier and not converted.own else 0
        self.own += row.count if converted.own else 0
        self.flows[row.currency] = self.flows[row.currency].plus(Decimal(row.amount), converted.amount)

    def total(self) -> Decimal:
        """Return the exact sum."""
        return sum(self.days.values(), ZERO)

    def shown(self, currency: str) -> Decimal:
        """Return the sum as every page shows it, rounded to the minor units of the display currency."""
        return money.quantize(self.total(), currency)

    def to_json(self) -> list[Any]:
        days = {day: _stored_digits(value) for day, value in self.days.items()}
        flows = {code: [_stored_digits(value) for value in flow] for code, flow in self.flows.items()}
        return [days, _stored_digits(self.unsure), self.count, self.earlier, self.own, self.excluded, flows]

    @classmethod
    def from_json(cls, data: list[Any]) -> "CategoryFigures":
        days, unsure, count, earlier, own, excluded, flows = data
        return cls(
            {int(day): Decimal(value) for day, value in days.items()},
            Decimal(unsure),
            count,
            earlier,
            own,
            excluded,
            {code: Flow(*map(Decimal, values)) for code, values in flows.items()},
        )


class BigFigure(NamedTuple):
    """One of the biggest expenses of a month. value: in the display currency, as text, None without a rate."""

    expense: Big
    value: str | None

    def rank(self) -> tuple[bool, Decimal]:
        """Return a sort key: the biggest first, those without a rate last."""
        return self.value is None, -Decimal(self.value or self.expense.order_value)


@dataclass
class MonthFigures:
    """One month in the display currency. categories: only those with expenses. biggest: sorted by rank."""

    month: date
    categories: dict[str, CategoryFigures] = field(default_factory=dict)
    biggest: Sequence[BigFigure] = ()
    merchants: Sequence[Merchant] = ()
    merchants_truncated: bool = False

    def to_json(self) -> list[Any]:
        categories = {slug: figures.to_json() for slug, figures in self.categories.items()}
        return [categories, self.biggest, self.merchants, self.merchants_truncated]

    @classmethod
    def from_json(cls, month: date, data: list[Any]) -> "MonthFigures":
        categories, biggest, merchants, truncated = data
        return cls(
            month,
            {slug: CategoryFigures.from_json(figures) for slug, figures in categories.items()},
            [BigFigure(Big._make(row), value) for row, value in biggest],
            list(map(Merchant._make, merchants)),
            truncated,
        )


# A busy month takes about 100 KB. The keys contain the month's token, so outdated figures are never used.
recent: LRU[str, MonthFigures] = LRU(size=60)


def load_figures(
    ledger_id: ObjectId, tokens: Mapping[date, str], threshold: float, display: str, version: str
) -> dict[date, MonthFigures]:
    """Load the figures of every month in `tokens` from this process, the cache or the sums.

    Takes at most one aggregation. version: of the rates, from `rates_version`.
    """
    keys = {
        f"figures:{FORMAT}:{ledger_id}:{month_text(month)}:{token}:{threshold}:{display}:{version}": month
        for month, token in tokens.items()
        if token != NEVER_WRITTEN
    }
    found = recent.get_many(keys)
    kept = tolerant_cache.get_many(key for key in keys if key not in found)
    found |= {key: MonthFigures.from_json(keys[key], data) for key, data in kept.items()}
    missing = {month: tokens[month] for key, month in keys.items() if key not in found}
    if missing:
        sums = load_sums(ledger_id, missing, threshold)
        book = rates.rates_for(rates_needed({month: found.sums for month, found in sums.items()}, display))
        converted = {month: _convert_month(month, sums[month], display, book) for month in missing}
        new = {key: converted[month] for key, month in keys.items() if month in converted}
        tolerant_cache.set_many({key: figures.to_json() for key, figures in new.items()}, KEPT_SECONDS)
        found |= new
    recent.put_many(found)
    return {month: MonthFigures(month) for month in tokens} | {keys[key]: figures for key, figures in found.items()}


def rates_needed(sums: Mapping[date, Sequence[Sum]], display: str) -> set[tuple[date, str]]:
    """Return the (month, currency) pairs whose rates are needed to convert the sums."""
    wanted = set()
    for month, rows in sums.items():
        currencies = {code for row in rows for code in (row.currency, row.own_currency) if code}
        if currencies - {display}:
            wanted |= {(month, code) for code in currencies | {display}}
    return wanted


def _convert_month(month: date, sums: MonthSums, display: str, book: rates.RateBook) -> MonthFigures:
    """Convert the sums of a month. The book already has all rates, so this needs neither database nor cache."""
    categories = add_up(month, sums.sums, display, book)
    figures = MonthFigures(month, categories, merchants=sums.merchants, merchants_truncated=sums.truncated)
    figures.biggest = [
        BigFigure(
            row, _stored_digits(converted.amount) if (converted := _convert_sum(row, month, display, book)) else None
        )
        for row in sums.biggest
    ]
    figures.biggest.sort(key=BigFigure.rank)
    return figures


def add_up(month: date, sums: Iterable[Sum], display: str, book: rates.RateBook) -> dict[str, CategoryFigures]:
    """Return a month's sums in the display currency by category. Every total of every page comes from here.

    book: must already have the `rates_needed`.
    """
    categories: dict[str, CategoryFigures] = {}
    for row in sums:
        category = categories.setdefault(row.category, CategoryFigures())
        converted = _convert_sum(row, month, display, book)
        if converted is None:
            category.excluded[row.currency] += row.count
        else:
            category.add(row, converted)
    return categories


def _convert_sum(row: Sum | Big, month: date, display: str, book: rates.RateBook) -> rates.Converted | None:
    own = rates.OwnRate.of(row.own_rate, row.own_currency)
    return book.convert(Decimal(row.amount), row.currency, display, month.replace(day=row.day), own)


def _stored_digits(value: Decimal) -> str:
    """Return the digits to cache: all of an amount as entered, fifteen decimals of a converted one."""
    exponent = value.as_tuple().exponent
    return str(value.quantize(_STORED_EXPONENT) if isinstance(exponent, int) and exponent < -15 else value)

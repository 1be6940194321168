"""A month's sums in the display currency, converted once at each day's rate and then cached.

A cell is one category in one month. It is stored exactly and rounded once, for display (`CategoryFigures.shown`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property, partial
from typing import Any, NamedTuple

from bson import ObjectId

from classifier.categories import Kind
from expenses import money, rates
from expenses.models.ledger import Ledger
from expenses.models.own_rates import LedgerRate, version_of
from expenses.months import day_in, last_of, month_text
from expenses.sums.flow import ZERO, Based, Flow, stored_digits
from expenses.sums.loading_sums import KEPT_SECONDS, load_sums
from expenses.sums.merchants import MerchantCell, MerchantFigure, convert_merchants, merchant_cells
from expenses.sums.month_sums import Big, MonthSums, Part, Sum
from expenses.sums.month_tokens import NEVER_WRITTEN
from finbrain.core import tolerant_cache
from finbrain.core.lru import LRU

# Part of every cache key. Raise it when the shape of the cached values changes.
_FORMAT = 5


@dataclass
class CategoryFigures:
    """One category in one month, in the display currency.

    days: number of the day in its month -> value. unsure: the unsure part of the sum. count: the number of expenses in
    the sum. based: what rests on old, blended and own rates, by `rates.BASES`.
    excluded: currency -> number of expenses without a rate, which are in no sum. flows: currency -> spending in it.
    once: how much was moved, with each pair once; of use only for what was moved.
    """

    days: dict[int, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    unsure: Decimal = ZERO
    count: int = 0
    based: dict[str, Based] = field(default_factory=lambda: defaultdict(Based))
    excluded: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    flows: dict[str, Flow] = field(default_factory=lambda: defaultdict(Flow))
    once: Decimal = ZERO

    def add(self, row: Sum, converted: rates.Converted, once: Decimal) -> None:
        self.days[row.day] += converted.amount
        self.count += row.count
        self.unsure += converted.amount if row.unsure else ZERO
        for basis in converted.bases:
            self.based[basis] = self.based[basis].plus(row.count, converted.amount)
        self.flows[row.currency] = self.flows[row.currency].plus(Decimal(row.amount), converted.amount)
        self.once += once

    def total(self) -> Decimal:
        """Return the exact sum."""
        return sum(self.days.values(), ZERO)

    def shown(self, currency: str) -> Decimal:
        """Return the sum as every page shows it, rounded to the minor units of the display currency."""
        return money.quantize(self.total(), currency)

    def to_json(self) -> list[Any]:
        days = {day: stored_digits(value) for day, value in self.days.items()}
        flows = {code: [stored_digits(value) for value in flow] for code, flow in self.flows.items()}
        based = {basis: [part.count, stored_digits(part.value)] for basis, part in self.based.items()}
        return [
            days,
            stored_digits(self.unsure),
            self.count,
            based,
            self.excluded,
            flows,
            stored_digits(self.once),
        ]

    @classmethod
    def from_json(cls, data: list[Any]) -> "CategoryFigures":
        days, unsure, count, based, excluded, flows, once = data
        return cls(
            {int(day): Decimal(value) for day, value in days.items()},
            Decimal(unsure),
            count,
            {basis: Based(part, Decimal(value)) for basis, (part, value) in based.items()},
            excluded,
            {code: Flow(*map(Decimal, values)) for code, values in flows.items()},
            Decimal(once),
        )


class BigFigure(NamedTuple):
    """One of the biggest expenses of a month. value: in the display currency, as text, None without a rate."""

    expense: Big
    value: str | None

    def rank(self) -> tuple[bool, Decimal]:
        """Return a sort key: the biggest first, those without a rate last."""
        return self.value is None, -Decimal(self.value or self.expense.order_value)


Categories = dict[str, CategoryFigures]


class KindFigures(NamedTuple):
    """One month in the display currency, by kind and category. Received amounts are negative, as they are stored."""

    spent: Categories
    moved: Categories
    received: Categories


@dataclass
class MonthFigures:
    """One month in the display currency.

    categories: what was spent, only those with expenses. biggest: sorted by rank. moved, received: the other kinds.
    regular: `categories` without one-off expenses, None if there are none.
    """

    month: date
    categories: Categories = field(default_factory=dict)
    biggest: Sequence[BigFigure] = ()
    merchants: Sequence[MerchantFigure] = ()
    merchants_truncated: bool = False
    moved: Categories = field(default_factory=dict)
    received: Categories = field(default_factory=dict)
    regular: Categories | None = None

    @cached_property
    def merchant_cells(self) -> list[MerchantCell]:
        """What was spent at each merchant. The figures of two years are added up for a page, so each month is kept."""
        return merchant_cells(self.merchants)

    def without_one_off(self) -> "MonthFigures":
        """Return the month without its one-off expenses."""
        return self if self.regular is None else replace(self, categories=self.regular, regular=None)

    def to_json(self) -> list[Any]:
        sums = [_to_json(each) for each in (self.categories, self.moved, self.received)]
        regular = None if self.regular is None else _to_json(self.regular)
        return [*sums, regular, self.biggest, self.merchants, self.merchants_truncated]

    @classmethod
    def from_json(cls, month: date, data: list[Any]) -> "MonthFigures":
        spent, moved, received, regular, biggest, merchants, truncated = data
        return cls(
            month,
            _from_json(spent),
            [BigFigure(Big._make(row), value) for row, value in biggest],
            list(map(MerchantFigure._make, merchants)),
            truncated,
            _from_json(moved),
            _from_json(received),
            None if regular is None else _from_json(regular),
        )


def _to_json(categories: Categories) -> dict[str, Any]:
    return {slug: figures.to_json() for slug, figures in categories.items()}


def _from_json(data: dict[str, Any]) -> Categories:
    return {slug: CategoryFigures.from_json(figures) for slug, figures in data.items()}


# A busy month takes about 100 KB. The keys contain the month's token, so outdated figures are never used.
recent: LRU[str, MonthFigures] = LRU(size=60)


def figures_of(ledger: Ledger, tokens: Mapping[date, str], display: str, version: str) -> dict[date, MonthFigures]:
    """Load the figures of a ledger's months with its settings, like `load_figures`."""
    return load_figures(ledger.id, tokens, ledger.threshold, display, version, **ledger.counting)


def load_figures(
    ledger_id: ObjectId,
    tokens: Mapping[date, str],
    threshold: float,
    display: str,
    version: str,
    *,
    cash_withdrawn: bool = False,
    own_rates: Sequence[LedgerRate] = (),
    until: date | None = None,
) -> dict[date, MonthFigures]:
    """Load the figures of every month in `tokens` from this process, the cache or the sums.

    threshold, cash_withdrawn, own_rates: the ledger's. version: of the published rates, from `rates_version`. until:
    the last day to add up.
    """
    settings = f"{threshold}:{cash_withdrawn}:{display}:{version}:{version_of(own_rates)}:{until}"
    keys = {
        f"figures:{_FORMAT}:{ledger_id}:{month_text(month)}:{token}:{settings}": month
        for month, token in tokens.items()
        if token != NEVER_WRITTEN
    }
    found = recent.get_many(keys)
    kept = tolerant_cache.get_many(key for key in keys if key not in found)
    found |= {key: MonthFigures.from_json(keys[key], data) for key, data in kept.items()}
    missing = {month: tokens[month] for key, month in keys.items() if key not in found}
    if missing:
        sums = load_sums(ledger_id, missing, threshold, display, until)
        needed = rates_needed({month: found.sums for month, found in sums.items()}, display)
        book = rates.rates_for(needed, own_rates)
        counted = {month: sums[month].counted(cash_withdrawn=cash_withdrawn) for month in missing}
        converted = {month: _convert_month(month, counted[month], display, book) for month in missing}
        new = {key: converted[month] for key, month in keys.items() if month in converted}
        tolerant_cache.set_many({key: figures.to_json() for key, figures in new.items()}, KEPT_SECONDS)
        found |= new
    recent.put_many(found)
    return {month: MonthFigures(month) for month in tokens} | {keys[key]: figures for key, figures in found.items()}


def rates_needed(sums: Mapping[date, Sequence[Sum]], display: str) -> set[tuple[date, str]]:
    """Return the (day, currency) pairs whose rates are needed to convert the sums. A month may be in two years."""
    wanted = set()
    for month, rows in sums.items():
        currencies = {code for row in rows for code in (row.currency, row.own_currency) if code}
        if currencies - {display}:
            wanted |= {(day, code) for day in (month, last_of(month)) for code in currencies | {display}}
    return wanted


def _convert_month(month: date, sums: MonthSums, display: str, book: rates.RateBook) -> MonthFigures:
    """Convert the sums of a month. The book already has all rates, so this needs neither database nor cache."""
    spent, moved, received = add_up(month, sums.sums, display, book)
    convert = partial(_convert_part, month=month, display=display, book=book)
    merchants = convert_merchants(sums.titles, display, convert)
    figures = MonthFigures(month, spent, (), merchants, sums.truncated, moved, received)
    regular = [row for row in sums.sums if not row.one_off]
    if len(regular) < len(sums.sums):
        figures.regular = add_up(month, regular, display, book).spent
    figures.biggest = [
        BigFigure(
            row, stored_digits(converted.amount) if (converted := convert_sum(row, month, display, book)) else None
        )
        for row in sums.biggest
    ]
    figures.biggest.sort(key=BigFigure.rank)
    return figures


def add_up(month: date, sums: Iterable[Sum], display: str, book: rates.RateBook) -> KindFigures:
    """Return a month's sums in the display currency by kind and category. Every total of every page comes from here.

    book: must already have the `rates_needed`.
    """
    found = KindFigures({}, {}, {})
    by_kind = dict(zip(Kind.values, found, strict=True))
    for row in sums:
        categories = by_kind[row.kind]
        category = categories.get(row.category) or categories.setdefault(row.category, CategoryFigures())
        converted = convert_sum(row, month, display, book)
        if converted is None:
            category.excluded[row.currency] += row.count
            continue
        once = convert_sum(row._replace(amount=row.once), month, display, book) if row.kind == Kind.MOVED else None
        category.add(row, converted, once.amount if once else ZERO)
    return found


def convert_sum(row: Sum | Big, month: date, display: str, book: rates.RateBook) -> rates.Converted | None:
    own = rates.OwnRate.of(row.own_rate, row.own_currency) if row.own_rate else None
    return book.convert(Decimal(row.amount), row.currency, display, day_in(month, row.day), own)


def _convert_part(part: Part, currency: str, month: date, display: str, book: rates.RateBook) -> rates.Converted | None:
    own = rates.OwnRate.of(part.own_rate, part.own_currency)
    return book.convert(Decimal(part.amount), currency, display, day_in(month, part.day or 1), own)

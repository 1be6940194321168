"""What a ledger spent on any days, in the currencies of its budgets, from the sums per day."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from classifier.categories import Kind
from classifier.category_set import CategorySet
from expenses import rates
from expenses.models.budgets import EVERYTHING
from expenses.models.ledger import Ledger
from expenses.money import quantize
from expenses.months import day_in, month_of
from expenses.sums.converting import convert_sum, rates_needed
from expenses.sums.flow import ZERO
from expenses.sums.loading_sums import load_sums
from expenses.sums.month_sums import Sum, as_counted


class SpendingRow(NamedTuple):
    """Entries of a day that convert alike. value: in the currency asked for, None without a rate."""

    day: date
    month: date
    category: str
    value: Decimal | None
    sum: Sum


Rows = Sequence[SpendingRow]
Months = dict[date, list[Sum]]


class BudgetSpending:
    """The spending of some months. `rows` converts each category to each currency only once."""

    def __init__(self, ledger: Ledger, sums: Months, received: Months, book: rates.RateBook) -> None:
        self.book, self.categories, self.months = book, ledger.categories, sums
        self.received = received
        self._converted: dict[tuple[str, str], Rows] = {}
        self._days: dict[tuple[str, str], tuple[Rows, list[date]]] = {}

    @cached_property
    def first(self) -> date | None:
        """The first day with spending, None without any."""
        days = [day_in(month, row.day) for month, rows in self.months.items() for row in rows]
        return min(days, default=None)

    def rows(self, scope: str, currency: str, first: date, last: date) -> Rows:
        """Return what was spent on a category, or on everything, from `first` to `last`, by day."""
        key = scope, currency
        if key not in self._days:
            wanted = self._by_category if scope == EVERYTHING else stored_slugs(self.categories, scope)
            rows = sorted(
                (row for slug in wanted for row in self._of_category(slug, currency)), key=lambda row: row.day
            )
            self._days[key] = rows, [row.day for row in rows]
        rows, days = self._days[key]
        return rows[bisect_left(days, first) : bisect_right(days, last)]

    def total(self, scope: str, currency: str, first: date, last: date) -> Decimal:
        """Return the total as the dashboard and the list show it."""
        return total(self.rows(scope, currency, first, last), currency)

    def convert(self, amount: Decimal, code: str, to_code: str, day: date) -> Decimal | None:
        """Convert an amount at the rate of a day. None without a rate."""
        found = self.book.convert(amount, code, to_code, day)
        return found and found.amount

    def received_in(self, currency: str, first: date, last: date) -> Decimal:
        """Return what came in from `first` to `last`."""
        rows = (self._row(month, each, currency) for month, sums in self.received.items() for each in sums)
        return -total((row for row in rows if first <= row.day <= last), currency)

    @cached_property
    def _by_category(self) -> dict[str, list[tuple[date, Sum]]]:
        found: dict[str, list[tuple[date, Sum]]] = defaultdict(list)
        for month, sums in self.months.items():
            for each in sums:
                found[each.category].append((month, each))
        return found

    def _of_category(self, slug: str, currency: str) -> Rows:
        if (slug, currency) not in self._converted:
            found = self._by_category.get(slug, ())
            self._converted[slug, currency] = [self._row(month, each, currency) for month, each in found]
        return self._converted[slug, currency]

    def _row(self, month: date, each: Sum, currency: str) -> SpendingRow:
        converted = convert_sum(each, month, currency, self.book)
        return SpendingRow(day_in(month, each.day), month, each.category, converted and converted.amount, each)


def stored_slugs(categories: CategorySet, scope: str) -> Collection[str]:
    """Return the stored categories that count under a budget's category."""
    return categories.stored_slugs([categories.slug_of(scope)])


def total(rows: Iterable[SpendingRow], currency: str) -> Decimal:
    """Add up rows. As in every total of FinBrain, each category of a month is rounded once."""
    if not rows:
        return quantize(ZERO, currency)
    cells: dict[tuple[str, date], Decimal] = defaultdict(Decimal)
    for row in rows:
        cells[row.category, row.month] += row.value or ZERO
    return sum((quantize(value, currency) for value in cells.values()), quantize(ZERO, currency))


def load_spending(
    ledger: Ledger,
    tokens: Mapping[date, str],
    currencies: Iterable[str],
    days: Iterable[date] = (),
    more_codes: Iterable[str] = (),
) -> BudgetSpending:
    """Load the spending of the months in `tokens` with one aggregation or cache call, and all rates with another.

    currencies: to convert to. days: more days whose rates are needed, of all currencies and of `more_codes`.
    """
    sums: dict[str, Months] = {Kind.SPENT: {}, Kind.RECEIVED: {}}
    for month, found in load_sums(ledger.id, tokens, ledger.threshold, ledger.home_currency).items():
        counted = [as_counted(row, cash_withdrawn=ledger.cash_withdrawn) for row in found.sums]
        for kind, months in sums.items():
            months[month] = [row for row in counted if row.kind == kind]
    wanted, codes = set(), {*currencies}
    for months in sums.values():
        wanted |= {key for currency in codes for key in rates_needed(months, currency)}
    codes |= {*more_codes, *(code for _month, code in wanted)}
    wanted |= {(day, code) for day in days for code in codes}
    book = rates.rates_for(wanted, ledger.own_rates)
    return BudgetSpending(ledger, sums[Kind.SPENT], sums[Kind.RECEIVED], book)


def months_between(tokens: Mapping[date, str], first: date, last: date) -> dict[date, str]:
    """Return the tokens of the months that have one of these days."""
    return {month: token for month, token in tokens.items() if month_of(first) <= month <= last}

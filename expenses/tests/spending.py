"""Expenses for tests of sums, and their totals, computed without any code of the application."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from currency_converter import CurrencyConverter

from expenses.ledger.entries import NewExpense, add_expense
from expenses.people.ledger_settings import personal_ledger

MINOR_UNITS = {"JPY": Decimal(1)}


@cache
def converter() -> CurrencyConverter:
    return CurrencyConverter(decimal=True, fallback_on_missing_rate=True, fallback_on_missing_rate_method="last_known")


@dataclass(frozen=True)
class Spent:
    """One expense that a test stores."""

    amount: str
    currency: str
    day: date
    category: str
    title: str = "Lunch"

    def add(self, owner) -> None:
        new = NewExpense(self.title, Decimal(self.amount), self.currency, self.day, category=self.category)
        add_expense(personal_ledger(owner), new)

    def value(self, currency: str) -> Decimal:
        if self.currency == currency:
            return Decimal(self.amount)
        return converter().convert(Decimal(self.amount), self.currency, currency, self.day)


def rounded(value: Decimal, currency: str) -> Decimal:
    return value.quantize(MINOR_UNITS.get(currency, Decimal("0.01")))


def by_category(spent: list[Spent], currency: str, months: set[tuple[int, int]]) -> dict[str, Decimal]:
    """The sum of each category over `months`, pairs of year and month. Each month is rounded once."""
    cells: dict[tuple[str, int, int], Decimal] = defaultdict(Decimal)
    for item in spent:
        if (item.day.year, item.day.month) in months:
            cells[item.category, item.day.year, item.day.month] += item.value(currency)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for (slug, *_month), value in cells.items():
        sums[slug] += rounded(value, currency)
    return dict(sums)


SPRING = [
    Spent("3200.00", "ILS", date(2024, 3, 1), "housing-bills", "Rent"),
    Spent("212.40", "ILS", date(2024, 3, 4), "food-drinks", "Market"),
    Spent("12.99", "USD", date(2024, 3, 9), "leisure-gifts", "Netflix"),  # a Saturday
    Spent("58.00", "ILS", date(2024, 3, 15), "transportation", "Taxi"),
    Spent("4200", "JPY", date(2024, 3, 29), "food-drinks", "Sushi"),  # Good Friday
    Spent("-12.40", "ILS", date(2024, 3, 30), "food-drinks", "Market"),
    Spent("3200.00", "ILS", date(2024, 4, 1), "housing-bills", "Rent"),  # Easter Monday
    Spent("49.00", "EUR", date(2024, 4, 10), "education-growth", "Course"),
    Spent("12.99", "USD", date(2024, 4, 10), "leisure-gifts", "Netflix"),
    Spent("180.10", "ILS", date(2024, 4, 18), "food-drinks", "market"),
    Spent("33.33", "GBP", date(2024, 5, 2), "transportation", "Train"),
    Spent("0.05", "ILS", date(2024, 5, 31), "other", "Bank fee"),
]

"""What was spent at each merchant, in the display currency. Pure.

The figures of a month have the merchants' amounts as entered. Foreign ones are converted at the average rate of their
category in that month, so they can differ a little from the expenses at the rate of each day.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from expenses.dashboard.shape import Scope, rounded_to
from expenses.money import minor_units, quantize
from expenses.sums.figures import ZERO
from expenses.sums.month_sums import Merchant

_LISTED = 8
# The rest of the merchants, which no title names.
OTHERS = ""


@dataclass
class Spending:
    """What was spent at a merchant. title, category: those of the most expenses in a month."""

    title: str
    category: str
    amount: Decimal = ZERO
    count: int = 0
    busiest: int = 0

    def add(self, row: Merchant, value: Decimal) -> None:
        self.amount += value
        self.count += row.count
        if row.count > self.busiest:
            self.title, self.category, self.busiest = row.title, row.category, row.count


@dataclass(frozen=True)
class MerchantChange:
    """How a merchant changed from one period to another. count, count_before: numbers of expenses."""

    title: str
    category: str
    difference: Decimal
    count: int
    count_before: int


def merchants_of(scope: Scope) -> dict[str, Spending]:
    """Return merchant -> spending, exact. Amounts without a rate are left out."""
    found: dict[str, Spending] = {}
    for month in scope.months:
        for row in scope.figures[month].merchants:
            if row.category in scope.stored and (value := _value(scope, month, row)) is not None:
                found.setdefault(row.key, Spending(row.title, row.category)).add(row, value)
    return found


def _value(scope: Scope, month: date, row: Merchant) -> Decimal | None:
    if row.currency == scope.currency:
        return Decimal(row.amount)
    category = scope.figures[month].categories.get(row.category)
    flow = category.flows.get(row.currency) if category else None
    return Decimal(row.amount) * flow.gross_value / flow.gross_amount if flow and flow.gross_amount else None


def biggest_merchants(scope: Scope, count: int) -> list[Spending]:
    """Return the merchants with the most spending, and the rest as OTHERS, rounded so that they add up to the total.

    count: the number of expenses in the total.
    """
    ranked = sorted(merchants_of(scope).values(), key=lambda each: (-each.amount, each.title))[:_LISTED]
    exact = {place: each.amount for place, each in enumerate(ranked)}
    amounts = {place: quantize(amount, scope.currency) for place, amount in exact.items()}
    others = max(0, count - sum(each.count for each in ranked))
    rest = scope.total() - sum(amounts.values(), ZERO)
    if not others and abs(rest) <= len(ranked) * Decimal(1).scaleb(-minor_units(scope.currency)):
        amounts, rest = rounded_to(scope.total(), exact, scope.currency), ZERO
    found = [Spending(each.title, each.category, amounts[place], each.count) for place, each in enumerate(ranked)]
    return [*found, Spending(OTHERS, scope.categories[0], rest, others)] if others or rest else found


def merchant_changes(now: Scope, before: Scope) -> list[MerchantChange]:
    """Return the merchants that changed most, the largest change first."""
    spending, spending_before = merchants_of(now), merchants_of(before)
    changes = []
    for key, named in (spending_before | spending).items():
        here, there = (found.get(key, Spending("", "")) for found in (spending, spending_before))
        difference = quantize(here.amount, now.currency) - quantize(there.amount, now.currency)
        changes.append(MerchantChange(named.title, named.category, difference, here.count, there.count))
    ranked = sorted((each for each in changes if each.difference), key=lambda each: (-abs(each.difference), each.title))
    return ranked[:_LISTED]

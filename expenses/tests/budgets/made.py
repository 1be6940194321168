"""Budgets for tests, and an independent account of what they spend and carry, without any code of the application."""

from calendar import monthrange
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from accounts.models import User
from expenses.budgets.standings import standings
from expenses.models.budgets import Amount, Budget, BudgetPlan
from expenses.people.ledger_settings import personal_ledger, save_plan
from expenses.recurring.refreshing import find_series
from expenses.sums.month_tokens import all_tokens
from expenses.tests.spending import converter


def budget(scope="all", per="month", amount="1000", starts_on=date(2025, 1, 1), currency="ILS", **more) -> Budget:
    amounts = more.pop("amounts", (Amount(starts_on, Decimal(amount), currency),))
    return Budget(more.pop("id", f"{scope}{per}"), scope, per, starts_on, amounts, **more)


def plan(owner: User, *budgets: Budget, goals=()) -> None:
    save_plan(personal_ledger(owner), BudgetPlan(budgets, tuple(goals)))


def stand(owner: User, today: date):
    """The standings of the owner's budgets."""
    owner.refresh_from_db()
    return standings(personal_ledger(owner), all_tokens(owner.pk), find_series(owner.pk), today)


def starts_of(per: str, every: int, anchor: date, today: date) -> list[date]:
    """The first days of all periods from that of `anchor` until today, by walking through every day."""
    day, found = anchor - timedelta(days=400), []
    while day <= today:
        if _begins(per, every, anchor, day):
            found.append(day)
        day += timedelta(days=1)
    first = max(start for start in found if start <= anchor)
    return [start for start in found if start >= first]


def _begins(per: str, every: int, anchor: date, day: date) -> bool:
    length = monthrange(day.year, day.month)[1]
    if per == "week":
        return day.weekday() == 0
    if per == "weeks":
        return (day - anchor).days % (7 * every) == 0
    if per == "day":
        return day.day == min(every, length)
    if per == "working-day":
        later = [day.replace(day=n) for n in range(day.day + 1, length + 1)]
        return day.weekday() < 5 and all(each.weekday() >= 5 for each in later)
    months = {"month": range(1, 13), "quarter": (1, 4, 7, 10), "year": (1,)}
    return day.day == 1 and day.month in months[per]


def cents(value: Fraction) -> Fraction:
    """Round to cents, halves away from zero."""
    whole = (abs(value) * 200 + 1) // 2
    return Fraction(int(whole), 100) * (1 if value >= 0 else -1)


def valued(row, currency: str) -> Fraction:
    """The exact value of an expense at the rate of its day."""
    amount = Decimal(row["amount"])
    if row["currency"] == currency:
        return Fraction(amount)
    return Fraction(converter().convert(amount, row["currency"], currency, row["spent_on"]))


def spent(rows, scopes, currency: str, first: date, last: date) -> Fraction:
    """What was spent on some categories: each category of a month is rounded once."""
    cells: dict[tuple[str, int, int], Fraction] = defaultdict(Fraction)
    for row in rows:
        if first <= row["spent_on"] <= last and row["category"] in scopes:
            cells[row["category"], row["spent_on"].year, row["spent_on"].month] += valued(row, currency)
    return sum(map(cents, cells.values()), Fraction(0))


def expected_carry(rows, scopes, starts, until: date, amount_until, rollover: str) -> list[tuple[Fraction, Fraction]]:
    """(carried, spent) of each period. amount_until(last day): (amount, currency). until: the day after the last."""
    found, left, before = [], Fraction(0), ""
    for start, after in zip(starts, [*starts[1:], until], strict=True):
        amount, currency = amount_until(after - timedelta(days=1))
        if before and before != currency and left:
            exact = Decimal(left.numerator) / Decimal(left.denominator)
            left = cents(Fraction(converter().convert(exact, before, currency, start)))
        used = spent(rows, scopes, currency, start, after - timedelta(days=1))
        found.append((left, used))
        rest = Fraction(amount) + left - used
        left = {"none": Fraction(0), "surplus": max(rest, Fraction(0)), "both": rest}[rollover]
        before = currency
    return found

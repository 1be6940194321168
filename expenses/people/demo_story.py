"""Made-up entries for demos: believable, and the same for the same day. Pure."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

_MONTHS = 6
LEAST_EXPENSES = 150
_ROUNDNESS = (Decimal("1"), Decimal("0.1"), Decimal("0.01"))


@dataclass(frozen=True)
class DemoExpense:
    """One made-up entry. amount: negative if it came in. category: "" if FinBrain is to file it, for review."""

    title: str
    amount: Decimal
    currency: str
    spent_on: date
    category: str = ""


# title, lowest, highest amount, currency, category, day of the month
_EVERY_MONTH = (
    ("Rent", 4800, 4800, "ILS", "housing-bills", 1),
    ("ועד בית", 180, 180, "ILS", "housing-bills", 3),
    ("Internet and TV", 129, 129, "ILS", "housing-bills", 5),
    ("חשבון חשמל", 210, 390, "ILS", "housing-bills", 11),
    ("Netflix", 15.49, 15.49, "USD", "leisure-gifts", 8),
    ("Gym membership", 199, 199, "ILS", "health-essentials", 2),
    ("רב קו", 225, 225, "ILS", "transportation", 2),
    ("Bank fee", 14.9, 14.9, "ILS", "other", 27),
    ("משכורת", -14800, -14800, "ILS", "salary", 9),
    ("CREDIT CARD PAYMENT", 1800, 2700, "ILS", "transfer", 10),
    ("Transfer to savings", 1000, 1000, "ILS", "transfer", 10),
)
# title, lowest, highest amount, currency, category, how often a month
_NOW_AND_THEN = (
    ("Groceries", 140, 420, "ILS", "food-drinks", 3.5),
    ("שופרסל", 90, 380, "ILS", "food-drinks", 2),
    ("Coffee with Dana", 28, 62, "ILS", "food-drinks", 3),
    ("קפה ומאפה", 22, 41, "ILS", "food-drinks", 2.5),
    ("Lunch at work", 42, 74, "ILS", "food-drinks", 4),
    ("Dinner at the Thai place", 120, 260, "ILS", "food-drinks", 1),
    ("WOLT *SUSHI BAR TEL AVIV", 78, 165, "ILS", "food-drinks", 1.5),
    ("Taxi home", 32, 88, "ILS", "transportation", 2),
    ("דלק", 160, 310, "ILS", "transportation", 1),
    ("Train to Haifa", 27.5, 55, "ILS", "transportation", 0.7),
    ("Parking downtown", 16, 48, "ILS", "transportation", 1),
    ("סופר פארם", 45, 190, "ILS", "health-essentials", 1),
    ("Haircut", 90, 140, "ILS", "health-essentials", 0.6),
    ("Dentist check-up", 350, 520, "ILS", "health-essentials", 0.25),
    ("Running shoes", 320, 480, "ILS", "health-essentials", 0.2),
    ("Python course", 19, 49, "EUR", "education-growth", 0.5),
    ("Books for the seminar", 60, 150, "ILS", "education-growth", 0.4),
    ("Cinema tickets", 44, 92, "ILS", "leisure-gifts", 0.8),
    ("מתנה ליום הולדת", 100, 250, "ILS", "leisure-gifts", 0.5),
    ("App subscription", 4.99, 9.99, "USD", "leisure-gifts", 0.5),
    ("Plumber", 280, 540, "ILS", "housing-bills", 0.2),
    ("ATM withdrawal", 200, 400, "ILS", "cash", 0.6),
)
# A long weekend away, three months ago: title, lowest, highest amount, currency, category, day of the trip
_TRIP = (
    ("Flight to Rome", 118, 189, "EUR", "transportation", -20),
    ("Hotel Trastevere", 265, 330, "EUR", "leisure-gifts", 0),
    ("Leonardo Express", 14, 14, "EUR", "transportation", 0),
    ("Trattoria da Enzo", 38, 61, "EUR", "food-drinks", 0),
    ("Colosseum tickets", 36, 36, "EUR", "leisure-gifts", 1),
    ("Gelato", 6.5, 11, "EUR", "food-drinks", 1),
    ("Supermarket Rome", 17, 29, "EUR", "food-drinks", 2),
)
# Expenses of the last days for FinBrain to file. Some are easy, and some nobody could know.
_JUST_NOW = (
    ("Groceries", 187.3, "ILS", 0),
    ("Taxi to the airport", 148, "ILS", 1),
    ("Shuki", 240, "ILS", 1),
    ("Zen 24", 65, "ILS", 2),
    ("BIT R. COHEN", 120, "ILS", 3),
    ("מאיה", 85, "ILS", 4),
    ("Kadosh Ltd", 310, "ILS", 5),
    ("Vet for Mitzi", 230, "ILS", 6),
)


def demo_expenses(today: date) -> list[DemoExpense]:
    """Make up about 200 expenses of this month and the five before it, oldest first, none in the future."""
    chance = random.Random(today.toordinal())  # noqa: S311 - makes up a story, not a secret
    made = [*_monthly(today, chance), *_occasional(today, chance), *_trip(today, chance), *_recent(today)]
    return sorted((expense for expense in made if expense.spent_on <= today), key=lambda expense: expense.spent_on)


def _months_before(today: date) -> Iterator[date]:
    """Yield the first day of each of the demo's months, oldest first."""
    for back in range(_MONTHS - 1, -1, -1):
        number = today.year * 12 + today.month - 1 - back
        yield date(number // 12, number % 12 + 1, 1)


def _monthly(today: date, chance: random.Random) -> Iterator[DemoExpense]:
    for first in _months_before(today):
        for title, low, high, currency, category, day in _EVERY_MONTH:
            yield DemoExpense(title, _price(chance, low, high), currency, first.replace(day=day), category)


def _occasional(today: date, chance: random.Random) -> Iterator[DemoExpense]:
    for first in _months_before(today):
        for title, low, high, currency, category, often in _NOW_AND_THEN:
            times = int(often) + (chance.random() < often % 1)
            for _ in range(times):
                day = first.replace(day=chance.randint(1, 28))
                yield DemoExpense(title, _price(chance, low, high), currency, day, category)


def _trip(today: date, chance: random.Random) -> Iterator[DemoExpense]:
    start = list(_months_before(today))[2].replace(day=12)
    for title, low, high, currency, category, day in _TRIP:
        yield DemoExpense(title, _price(chance, low, high), currency, start + timedelta(days=day), category)


def _recent(today: date) -> Iterator[DemoExpense]:
    for title, amount, currency, days_ago in _JUST_NOW:
        yield DemoExpense(title, _cents(amount), currency, today - timedelta(days=days_ago))


def _price(chance: random.Random, low: float, high: float) -> Decimal:
    """Draw an amount from the range, rounded like a price: to 1, 0.1 or 0.01."""
    if low == high:
        return _cents(low)
    exact = Decimal(chance.randint(int(low * 100), int(high * 100))).scaleb(-2)
    return _cents(exact.quantize(chance.choice(_ROUNDNESS)))


def _cents(amount: float | Decimal) -> Decimal:
    """Round an amount to two decimals."""
    return Decimal(str(amount)).quantize(Decimal("0.01"))

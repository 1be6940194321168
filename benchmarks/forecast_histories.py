"""Made-up spending of people, always the same for the same seed. Pure.

Each has series (rent, bills, subscriptions) and spends from day to day as their habits are: by weekday, more after
payday, with good and bad months, and now and then something big.
"""

import random
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import cos, pi

from expenses.recurring.chains import SeriesEntry

FIRST = date(2023, 1, 1)
_SATURDAY = 5
_SHOPS = (
    *("Supermarket", "Bakery", "Coffee", "Pizza place", "Pharmacy", "Bookshop", "Petrol station", "Taxi", "Cinema"),
    *("Shoe shop", "Hardware store", "Toy shop", "Dentist", "Hairdresser", "Florist", "Sushi bar", "Kiosk", "Museum"),
)
# Title, every how many months, part of a month's rent, spread of the amounts.
_BILLS = (
    ("Rent", 1, 1.0, 0.0),
    ("Electricity board", 1, 0.08, 0.15),
    ("Phone plan", 1, 0.03, 0.0),
    ("Netflix", 1, 0.015, 0.0),
    ("Gym membership", 1, 0.04, 0.0),
    ("Water company", 3, 0.07, 0.1),
    ("Car insurance", 6, 0.35, 0.02),
)


@dataclass(frozen=True)
class Habits:
    """How people of a kind spend.

    share: of the days that have spending. spread: of an ordinary day's amounts. weekend, payday: by how much more.
    months: how different months are. trend: growth a month. season: of the year. big: how many big expenses a month.
    bills: by how much the series weigh.
    """

    share: tuple[float, float] = (0.4, 0.95)
    spread: float = 0.7
    weekend: tuple[float, float] = (0.7, 1.6)
    payday: float = 1.2
    months: float = 0.12
    trend: float = 0.0
    season: float = 0.0
    big: float = 0.5
    bills: float = 1.0


KINDS = {
    "ordinary": Habits(),
    "even": Habits(months=0, big=0.1, spread=0.4),
    "weekend": Habits(weekend=(2.5, 5.0)),
    "heavy tails": Habits(big=2.0, spread=1.2),
    "seasons": Habits(season=0.3),
    "rising": Habits(trend=0.03),
    "falling": Habits(trend=-0.03),
    "restless": Habits(months=0.3, spread=1.1),
    "rarely": Habits(share=(0.15, 0.25), spread=1.0),
    "after payday": Habits(payday=2.0),
    "no bills": Habits(bills=0.0),
    "mostly bills": Habits(bills=4.0),
}


def make_history(habits: Habits, seed: int, months: int) -> list[SeriesEntry]:
    """Return the entries of one person, by day."""
    chance = random.Random(f"{habits} {seed}")
    last = FIRST + timedelta(days=round(months * 365.25 / 12))
    level = chance.uniform(15, 120)
    found = [*_daily(habits, chance, level, last)]
    rent = level * chance.uniform(8, 16) * habits.bills
    for bill in _BILLS:
        if rent and (bill[0] == "Rent" or chance.random() < 0.7):
            found += _bill(bill, rent, chance, last)
    days = sorted(found, key=lambda row: row[0])
    return [
        SeriesEntry(number, title, max(Decimal("0.01"), round(Decimal(amount), 2)), "EUR", day)
        for number, (day, title, amount) in enumerate(days)
    ]


def _daily(habits: Habits, chance: random.Random, level: float, last: date) -> Iterator[tuple[date, str, float]]:
    share, weekend, this_month = chance.uniform(*habits.share), chance.uniform(*habits.weekend), 1.0
    for n in range((last - FIRST).days):
        day = FIRST + timedelta(days=n)
        if day.day == 1:
            this_month = chance.lognormvariate(0, habits.months)
        mean = level * this_month * (1 + habits.trend) ** (n / 30.44)
        mean *= 1 + habits.season * cos(2 * pi * (day.month - 12) / 12)
        mean *= (weekend if day.weekday() >= _SATURDAY else 1) * (habits.payday if day.day <= 10 else 1)
        if chance.random() < share:
            yield day, chance.choice(_SHOPS), mean * chance.lognormvariate(-(habits.spread**2) / 2, habits.spread)
        if chance.random() < habits.big / 30.44:
            yield day, chance.choice(_SHOPS), level * 4 * (chance.paretovariate(1.6) - 0.3)


def _bill(
    bill: tuple[str, int, float, float], rent: float, chance: random.Random, last: date
) -> Iterator[tuple[date, str, float]]:
    title, every, part, spread = bill
    number, price, late = chance.randint(1, 31), rent * part * chance.uniform(0.7, 1.3), chance.choice((0, 0, 1, 2))
    raised = chance.randrange(6, 30)
    for count in range(chance.randrange(every), 1 + (last - FIRST).days // 30, every):
        year, month = FIRST.year + count // 12, count % 12 + 1
        day = date(year, month, min(number, monthrange(year, month)[1])) + timedelta(days=chance.randint(0, late))
        raise_of = 1.06 if count > raised else 1
        if day < last:
            yield day, title, price * raise_of * chance.lognormvariate(0, spread)

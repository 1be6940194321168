"""Made-up histories of two years with planted series, always the same for the same seed. Pure.

Series of every cycle, among them twins of one merchant, new prices, skipped ones and changed names. Around them visits
to other merchants now and then, some of them a month or a year apart by chance.
"""

import random
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from expenses.recurring.chains import SeriesEntry
from expenses.recurring.cycles import Cycle, day_after

FIRST, LAST = date(2024, 11, 1), date(2026, 11, 15)
_SATURDAY = 5
# Cycle, names that follow each other, lowest and highest amount, spread of the amounts, currency.
_PLANTS = (
    (Cycle.WEEKLY, ("Cleaning lady Maria",), 40, 90, 0, "EUR"),
    (Cycle.WEEKLY, ("Piano lesson",), 25, 60, 0, "ILS"),
    (Cycle.TWO_WEEKLY, ("Gardener Hill",), 40, 120, 0, "USD"),
    (Cycle.TWO_WEEKLY, ("ACME CORP PAYROLL",), -2600, -1400, 0.02, "USD"),
    (Cycle.FOUR_WEEKLY, ("Giffgaff goodybag",), 8, 25, 0, "GBP"),
    (Cycle.FOUR_WEEKLY, ("Contact lenses box",), 20, 50, 0, "EUR"),
    (Cycle.MONTHLY, ("NETFLIX.COM", "Netflix International"), 9, 18, 0, "USD"),
    (Cycle.MONTHLY, ("Spotify P{code}",), 9, 13, 0, "EUR"),
    (Cycle.MONTHLY, ("Rent",), 700, 2400, 0, "EUR"),
    (Cycle.MONTHLY, ("משכורת חודשית",), -18000, -9000, 0.05, "ILS"),
    (Cycle.MONTHLY, ("Stadtwerke Strom",), 60, 140, 0.12, "EUR"),
    (Cycle.MONTHLY, ("City Fitness 00{code}",), 20, 60, 0, "GBP"),
    (Cycle.MONTHLY, ("iCloud storage",), 1, 10, 0, "USD"),
    (Cycle.MONTHLY, ("Kindergarten Sonnenhof",), 150, 420, 0, "EUR"),
    (Cycle.MONTHLY, ("Partner Communications",), 30, 90, 0.08, "ILS"),
    (Cycle.MONTHLY, ("Loan instalment {code}",), 150, 500, 0, "EUR"),
    (Cycle.TWO_MONTHLY, ("חברת החשמל",), 200, 700, 0.2, "ILS"),
    (Cycle.TWO_MONTHLY, ("Water bill council",), 40, 120, 0.1, "ILS"),
    (Cycle.QUARTERLY, ("Rundfunk ARD ZDF",), 55.08, 55.08, 0, "EUR"),
    (Cycle.QUARTERLY, ("Thames Water Utilities",), 60, 120, 0.06, "GBP"),
    (Cycle.HALF_YEARLY, ("KFZ Versicherung HUK",), 180, 420, 0.02, "EUR"),
    (Cycle.HALF_YEARLY, ("Property tax county",), 600, 1500, 0.02, "USD"),
    (Cycle.YEARLY, ("Amazon Prime membership",), 89, 139, 0, "USD"),
    (Cycle.YEARLY, ("Domain renewal example.org",), 10, 25, 0, "USD"),
    (Cycle.YEARLY, ("Haftpflicht Allianz",), 50, 120, 0.03, "EUR"),
    (Cycle.YEARLY, ("ADAC Mitglied {code}",), 54, 94, 0, "EUR"),
)
_SHOPS = (
    *("Supermarket", "Bakery", "Coffee", "Pizza place", "Pharmacy", "Bookshop", "Petrol station", "Taxi", "Cinema"),
    *("Shoe shop", "Hardware store", "Garden centre", "Toy shop", "Dentist", "Hairdresser", "Florist", "Sushi bar"),
    *("Burger house", "Kiosk", "Museum", "Electronics store", "Furniture store", "Wine bar", "Ice cream", "Bike shop"),
)
_OWNERS = ("Aurora", "Bruno", "Carmel", "Delta", "Elm", "Fjord", "Gaia", "Harbour", "Iris", "Juno", "Kiwi", "Lotus")


@dataclass
class Planted:
    """A series as it was planted. next: the day that follows its last entry. tolerance: in days."""

    cycle: Cycle
    ids: set[int] = field(default_factory=set)
    next: date = LAST
    tolerance: int = 5


@dataclass
class History:
    """Entries in random order, and what is planted among them."""

    entries: list[SeriesEntry]
    planted: list[Planted]


class Maker:
    """Makes one history."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.entries: list[SeriesEntry] = []
        self.planted: list[Planted] = []

    def add(self, title: str, amount: float, currency: str, day: date) -> int:
        """Add an entry and return its number."""
        named = title.replace("{code}", str(self.chance.randrange(10_000, 99_999)))
        rounded = round(Decimal(amount), 2) or Decimal("0.01")
        self.entries.append(SeriesEntry(len(self.entries), named, rounded, currency, day))
        return len(self.entries) - 1

    def plant(self, plan: tuple) -> None:
        """Plant a series, or two of one merchant."""
        twins = 2 if self.chance.random() < 0.15 and plan[0] in (Cycle.MONTHLY, Cycle.YEARLY) else 1
        for twin in range(twins):
            self._plant_one(plan, 1 + twin * self.chance.uniform(0.3, 0.8))

    def _plant_one(self, plan: tuple, factor: float) -> None:
        cycle, names, low, high, spread, currency = plan
        chance, series = self.chance, Planted(cycle)
        amount = round(chance.uniform(low, high) * factor, 2)
        days = list(self._days(cycle))
        raised = chance.randrange(len(days)) if chance.random() < 0.35 else len(days)
        renamed = len(days) * chance.uniform(0.3, 0.7) if chance.random() < 0.6 else len(days)
        for number, (ideal, day) in enumerate(days):
            if number == raised:
                amount = round(amount * chance.uniform(1.03, 1.18), 2)
            skipped = 0 < number < len(days) - 1 and len(days) > 6 and chance.random() < 0.04
            if day > LAST or skipped:
                continue
            title = names[-1 if number > renamed else 0]
            series.ids.add(self.add(title, amount * chance.lognormvariate(0, spread), currency, day))
            series.next = day_after(ideal, cycle)
        self.planted.append(series)

    def _days(self, cycle: Cycle) -> Iterator[tuple[date, date]]:
        """Yield the ideal days of a series, and those on which it comes."""
        chance = self.chance
        length = {Cycle.YEARLY: 360, Cycle.HALF_YEARLY: 180}.get(cycle, 90)
        start = FIRST + timedelta(days=chance.randrange(length))
        if cycle == Cycle.YEARLY:
            start = FIRST + timedelta(days=chance.randrange(375))
        rule = chance.choice(("exact", "working", "jitter", "month end")) if cycle == Cycle.MONTHLY else "jitter"
        if rule == "month end":
            start = start.replace(day=monthrange(start.year, start.month)[1])
        most = {Cycle.WEEKLY: 1, Cycle.TWO_WEEKLY: 1, Cycle.FOUR_WEEKLY: 1}.get(cycle, chance.choice((0, 1, 3)))
        for number in range(200):
            ideal = day_after(start, cycle, number)
            if ideal > LAST:
                return
            day = ideal + timedelta(days=chance.randint(-most, most) if rule == "jitter" else 0)
            if rule == "working" and day.weekday() >= _SATURDAY:
                day += timedelta(days=7 - day.weekday())
            yield ideal, day

    def noise(self) -> None:
        """Add merchants: some visited often, most now and then, some a month or a year apart by chance."""
        chance, length = self.chance, (LAST - FIRST).days
        for number in range(90):
            title = f"{_OWNERS[number % 12]} {_SHOPS[number % len(_SHOPS)]}"
            middle, spread = chance.uniform(2, 5), chance.uniform(0.25, 0.7)
            for _ in range(min(150, int(chance.paretovariate(0.7)))):
                day = FIRST + timedelta(days=chance.randrange(length))
                self.add(title, chance.lognormvariate(middle, spread), "EUR", day)
        for number in range(16):
            title = f"{_OWNERS[-1 - number % 12]} {_SHOPS[-1 - number]} market"
            apart, times = chance.choice(((365, 2), (30, 2), (30, 3), (91, 2), (182, 2)))
            day = FIRST + timedelta(days=chance.randrange(max(1, length - apart * (times - 1))))
            for _ in range(times):
                self.add(title, chance.lognormvariate(3.5, 0.6), "EUR", day)
                day += timedelta(days=apart + chance.randint(-4, 4))

    def history(self) -> History:
        for plan in self.chance.sample(_PLANTS, 16):
            self.plant(plan)
        self.noise()
        entries = list(self.entries)
        self.chance.shuffle(entries)
        return History(entries, self.planted)


def make_history(seed: int) -> History:
    """Make up a history."""
    return Maker(seed).history()

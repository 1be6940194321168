"""Other made-up histories of two years, made in another way than those that detection was tuned on. Pure.

Bank lines with codes, days that follow working days, prices in a foreign currency that are booked in the home currency,
pauses, and merchants that people visit in phases.
"""

import random
from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal

from benchmarks.series_histories import FIRST, LAST, History, Planted
from expenses.recurring.chains import SeriesEntry
from expenses.recurring.cycles import Cycle, day_after

_LETTERS = "ABCDEFGHKLMNPRSTUVWXYZ"
# What a series is called, by what its names have in common with subscriptions and bills.
_KNOWN = (
    *(
        "DISNEY PLUS",
        "ADOBE CREATIVE",
        "AUDIBLE",
        "CHATGPT OPENAI",
        "Vodafone GmbH",
        "Miete Schulz",
        "HELVETIA INSURANCE",
    ),
    *(
        "HELVETIA INSURANCE",
        "Comcast Xfinity",
        "Holmes Place",
        "ארנונה עירייה",
        "בזק אינטרנט",
        "Seguro Mapfre",
        "Nómina",
    ),
    "EDF ELECTRICITE",
)
_UNKNOWN = (
    *("Kowalski Sp", "BLUEWAVE", "Zentrum Nord", "HORIZON LINE", "Tessellate", "Greenleaf Box", "MAVERICK STUDIO"),
    *("Verein Eintracht", "Northgate", "PIXELFORGE", "Casa Azul", "Orbit Seven", "Lumen Works", "Fern & Co"),
)
_CYCLES = (
    *(*Cycle, Cycle.MONTHLY, Cycle.MONTHLY, Cycle.MONTHLY, Cycle.MONTHLY, Cycle.MONTHLY),
    *(Cycle.QUARTERLY, Cycle.YEARLY, Cycle.YEARLY),
)


def make_history(seed: int) -> History:
    """Make up a history."""
    chance = random.Random(f"holdout {seed}")
    entries: list[SeriesEntry] = []
    names = [*chance.sample(_KNOWN, 9), *chance.sample(_UNKNOWN, 7)]
    planted = [_plant(chance, entries, name, cycle) for name, cycle in zip(names, _CYCLES, strict=True)]
    _shops(chance, entries)
    chance.shuffle(entries)
    return History(entries, planted)


def _plant(chance: random.Random, entries: list[SeriesEntry], name: str, cycle: Cycle) -> Planted:
    series = Planted(cycle, tolerance=5)
    start = FIRST + timedelta(days=chance.randrange({Cycle.YEARLY: 350, Cycle.HALF_YEARLY: 180}.get(cycle, 60)))
    shift = chance.choice(("none", "next", "last", "late"))
    kind = chance.choices(("fixed", "varying", "rising", "abroad"), (5, 2, 2, 1))[0]
    sign = -1 if name == "Nómina" else 1
    amount = chance.choice((4.99, 9.99, 12.99, 29, 39.9, 64.5, 119, 240, 850)) * (20 if sign < 0 else 1)
    pause = chance.randrange(3, 20) if cycle == Cycle.MONTHLY and chance.random() < 0.25 else -9
    for number in range(200):
        ideal = day_after(start, cycle, number)
        day = _moved(chance, ideal, shift, cycle)
        if max(ideal, day) > LAST:
            break
        if pause <= number < pause + 2:
            continue
        factor = {"varying": chance.uniform(0.85, 1.15), "rising": 1.0 + 0.06 * ((day - start).days // 365)}.get(
            kind, 1
        )
        factor *= 1 + 0.05 * (day.month % 4) / 4 + chance.uniform(-0.01, 0.01) if kind == "abroad" else 1
        title = chance.choice((name, f"{name} {_code(chance)}")) if chance.random() < 0.5 else name
        series.ids.add(_add(entries, title, sign * amount * factor, day))
        following = day_after(start, cycle, number + 1)
        series.next = _moved(chance, following, shift, cycle) if shift == "last" else following
    return series


def _moved(chance: random.Random, day: date, shift: str, cycle: Cycle) -> date:
    if shift == "next" and day.weekday() > 4:
        return day + timedelta(days=7 - day.weekday())
    if shift == "last" and cycle == Cycle.MONTHLY:
        end = day.replace(day=monthrange(day.year, day.month)[1])
        return end - timedelta(days=max(0, end.weekday() - 4))
    if shift == "late" and cycle not in (Cycle.WEEKLY, Cycle.TWO_WEEKLY):
        return day + timedelta(days=chance.choice((0, 0, 0, 1, 2, 4)))
    return day


def _shops(chance: random.Random, entries: list[SeriesEntry]) -> None:
    """Add merchants: visited in phases, at fixed prices, or twice a year or a month apart with other amounts."""
    length = (LAST - FIRST).days
    for number in range(60):
        name = "".join(chance.choice(_LETTERS) for _ in range(6)) + chance.choice((" CAFE", " SHOP", " MARKT", ""))
        begin, phase = chance.randrange(length), chance.choice((40, 200, 730))
        prices = [chance.uniform(3, 90) for _ in range(chance.choice((3, 8, 200)))]
        for _ in range(chance.choice((1, 2, 3, 5, 9, 20, 60))):
            day = FIRST + timedelta(
                days=min(length, begin + chance.randrange(phase)) if phase < 730 else chance.randrange(length)
            )
            _add(entries, f"{name} {_code(chance)}" if number % 2 else name, chance.choice(prices), day)
    for _ in range(14):
        name = f"{''.join(chance.choice(_LETTERS) for _ in range(7))} STORE"
        apart = chance.choice((365, 365, 30, 30, 61))
        day = FIRST + timedelta(days=chance.randrange(length - apart))
        for later in (0, apart + chance.randint(-3, 3)):
            _add(entries, name, chance.uniform(8, 120), day + timedelta(days=later))


def _code(chance: random.Random) -> str:
    return f"{chance.randrange(1000, 99999)}"


def _add(entries: list[SeriesEntry], title: str, amount: float, day: date) -> int:
    entries.append(SeriesEntry(len(entries), title, round(Decimal(amount), 2), "EUR", min(day, LAST)))
    return len(entries) - 1

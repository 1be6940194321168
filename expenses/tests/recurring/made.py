"""Entries for tests of what comes again."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from expenses.recurring.chains import SeriesEntry
from expenses.recurring.cycles import Cycle, day_after

TODAY = date(2026, 11, 29)
_ids = count()


def entry(title: str, amount: str | float, day: date, currency: str = "EUR", account: str = "") -> SeriesEntry:
    return SeriesEntry(next(_ids), title, Decimal(str(amount)), currency, day, account)


def every(
    cycle: Cycle, title: str, amount: str | float, first: date, times: int, currency: str = "EUR"
) -> list[SeriesEntry]:
    """Entries of one cycle with one amount."""
    return [entry(title, amount, day_after(first, cycle, n), currency) for n in range(times)]


def on(days: Iterable[date], title: str, *amounts: str | float) -> list[SeriesEntry]:
    """Entries on days, with one amount for all or one each."""
    days = list(days)
    each = amounts if len(amounts) == len(days) else amounts * len(days)
    return [entry(title, amount, day) for day, amount in zip(days, each, strict=True)]


def shops() -> list[SeriesEntry]:
    """Visits of two years to merchants, without any order in them."""
    first = date(2024, 12, 1)
    return [
        entry(f"{name} shop", 5 + (n * n * 7 + seed) % 83, first + timedelta(days=(n * n * 31 + n * seed * 13) % 720))
        for seed, name in enumerate(("Aurora", "Bruno", "Carmel", "Delta"), 3)
        for n in range(40)
    ]

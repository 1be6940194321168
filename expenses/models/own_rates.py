"""The rates that a ledger uses instead of published ones. Pure: stored with the person as a list of texts."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from expenses.money import EXACT

MOST = 200
_COLUMNS = 5


class LedgerRate(NamedTuple):
    """A rate from a day on: one `unit` = `rate` `currency`. It sets the value of `sets`, which is one of the two."""

    since: date
    unit: str
    rate: Decimal
    currency: str
    sets: str

    @property
    def anchor(self) -> str:
        """The other currency, in which the value of `sets` is expressed."""
        return self.unit if self.sets == self.currency else self.currency

    def turn(self, amount: Decimal, code: str) -> Decimal:
        """Convert an amount in `code`, one of the two currencies, to the other one, unrounded."""
        return EXACT.multiply(amount, self.rate) if code == self.unit else EXACT.divide(amount, self.rate)

    def to_stored(self) -> list[str]:
        """Return the texts to store."""
        return [self.since.isoformat(), self.unit, f"{self.rate:f}", self.currency, self.sets]


def currency_set(unit: str, currency: str, home: str) -> str:
    """Return which of two currencies a rate sets: the one that isn't the home currency, or else the second."""
    return unit if currency == home else currency


def sorted_rates(rates: Iterable[LedgerRate]) -> tuple[LedgerRate, ...]:
    """Return the rates by day. Of two for the same currency and day, the last one counts."""
    return tuple(sorted({(rate.since, rate.sets): rate for rate in rates}.values()))


def version_of(rates: Sequence[LedgerRate]) -> str:
    """Return a text that changes with the rates, "" for none. What is cached under it is never older than they are."""
    return hashlib.sha256(repr(tuple(rates)).encode()).hexdigest()[:16] if rates else ""


def read_rates(stored: Any) -> tuple[LedgerRate, ...]:
    """Return the stored rates. One that can't be read, because another release wrote it, is left out."""
    rows = stored if isinstance(stored, Sequence) else ()
    return sorted_rates(rate for row in rows if (rate := _read_rate(row)))


def _read_rate(row: Any) -> LedgerRate | None:
    if not isinstance(row, list) or len(row) != _COLUMNS or not all(isinstance(cell, str) for cell in row):
        return None
    since, unit, digits, currency, sets = row
    try:
        rate = LedgerRate(date.fromisoformat(since), unit, Decimal(digits), currency, sets)
    except (ValueError, InvalidOperation):
        return None
    return rate if rate.rate.is_finite() and rate.rate > 0 and unit != currency and sets in (unit, currency) else None

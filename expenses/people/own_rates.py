"""A ledger's own rates as a CSV file: written for the person, and read back, from FinBrain or a spreadsheet."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from expenses import money
from expenses.models.own_rates import MOST, LedgerRate, currency_set, sorted_rates
from expenses.months import EARLIEST_DAY, latest_day, parse_day

_COLUMNS = ("from", "unit", "rate", "currency", "sets")
_REQUIRED = _COLUMNS[:-1]
_LARGEST_FILE = 100_000
_GROUPED = re.compile(r"[1-9]\d{0,2}(,\d{3})+(\.\d+)?", re.ASCII)


class OwnRatesError(ValueError):
    """The rates can't be used. `str(error)` is a translated sentence that names the line."""


def write_rates(rates: Iterable[LedgerRate]) -> str:
    """Return the rates as CSV with a header."""
    text = io.StringIO()
    csv.writer(text).writerows([_COLUMNS, *(rate.to_stored() for rate in rates)])
    return text.getvalue()


def read_rates_file(content: bytes, home: str) -> list[LedgerRate]:
    """Read rates from CSV in UTF-8, with columns in any order. Raises OwnRatesError at the first line it can't use.

    home: the ledger's home currency, which decides what a rate sets if the column `sets` is missing.
    """
    if len(content) > _LARGEST_FILE:
        raise OwnRatesError(_("This file is too large for a table of rates."))
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise OwnRatesError(_("This file isn't text in UTF-8. Save it as CSV (UTF-8).")) from None
    delimiter = max(",;\t", key=lines[0].count) if lines else ","
    rows = csv.DictReader(lines, delimiter=delimiter)
    names = {(name or "").strip().casefold(): name for name in rows.fieldnames or ()}
    if missing := [name for name in _REQUIRED if name not in names]:
        raise OwnRatesError(_("This file has no column “%(name)s”. Add it to the first line.") % {"name": missing[0]})
    return list(_read_rows(rows, names, home))


def _read_rows(rows: "csv.DictReader[str]", names: dict[str, str], home: str) -> Iterator[LedgerRate]:
    for row in rows:
        cells = {name: (row.get(names.get(name, ""), "") or "").strip() for name in _COLUMNS}
        if not any(cells.values()):
            continue
        try:
            yield _checked_rate(cells, home)
        except OwnRatesError as error:
            values = {"number": rows.line_num, "problem": error}
            raise OwnRatesError(_("Line %(number)s: %(problem)s") % values) from None


def _checked_rate(cells: dict[str, str], home: str) -> LedgerRate:
    """Return the rate of some texts. Raises OwnRatesError with what is wrong."""
    since, unit, currency = parse_day(cells["from"]), cells["unit"].upper(), cells["currency"].upper()
    if since is None or not EARLIEST_DAY <= since <= latest_day(timezone.localdate()):
        raise OwnRatesError(_("That isn't a date. Write it like 2026-08-20."))
    for code in (unit, currency):
        if code not in money.KNOWN:
            raise OwnRatesError(_("FinBrain doesn't know the currency “%(code)s”.") % {"code": code[:20]})
    if unit == currency:
        raise OwnRatesError(_("Your rate must convert to a different currency."))
    sets = cells["sets"].upper()
    if sets not in (unit, currency):
        sets = currency_set(unit, currency, home)
    return LedgerRate(since, unit, read_rate(cells["rate"]), currency, sets)


def read_rate(text: str) -> Decimal:
    """Read a rate. In a table of rates such as 1,250, a comma before three digits groups thousands."""
    plain = text.replace(",", "") if _GROUPED.fullmatch(text) else text
    try:
        rate = money.parse_rate(plain) if plain else Decimal(0)
    except money.AmountError as error:
        raise OwnRatesError(str(error)) from None
    if not rate:
        raise OwnRatesError(_("A rate can't be zero."))
    return Decimal(f"{rate.normalize():f}")


def merged(rates: Iterable[LedgerRate], more: Iterable[LedgerRate]) -> tuple[LedgerRate, ...]:
    """Return the rates with more of them, which replace those of the same currency and day."""
    found = sorted_rates([*rates, *more])
    if len(found) > MOST:
        raise OwnRatesError(_("You can have at most %(n)d rates. Delete one first.") % {"n": MOST})
    return found


def without_rate(rates: Iterable[LedgerRate], since: date | None, sets: str) -> tuple[LedgerRate, ...]:
    """Return the rates without the one of a currency and day."""
    return tuple(rate for rate in rates if (rate.since, rate.sets) != (since, sets))

"""The ECB's published figures, read independently of the code under test, and API payloads made from them."""

import csv
import io
import zipfile
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

from currency_converter import CURRENCY_FILE

from expenses.rates import ecb_history


@cache
def table() -> dict[str, dict[str, str]]:
    """Return the published rates, `{ISO day: {code: published digits}}`, ascending."""
    with zipfile.ZipFile(CURRENCY_FILE) as archive:
        rows = csv.DictReader(io.StringIO(archive.read("eurofxref-hist.csv").decode()))
        days = {
            row["Date"]: {code: rate for code, rate in row.items() if code not in ("Date", "") and rate != "N/A"}
            for row in rows
        }
    return dict(sorted(days.items()))


def rate(code: str, day: str) -> Fraction:
    """The published rate, with all digits."""
    return Fraction(1) if code == "EUR" else Fraction(table()[day][code])


def between(first: str, last: str) -> dict[str, dict[str, str]]:
    """The published days from `first` to `last`."""
    return {day: rates for day, rates in table().items() if first <= day <= last}


def v2_body(days: dict[str, dict[str, str]]) -> str:
    """The answer of /v2/rates, with the digits as published."""
    rows = [
        f'{{"date": "{day}", "base": "EUR", "quote": "{code}", "rate": {digits}}}'
        for day, rates in days.items()
        for code, digits in rates.items()
    ]
    return f"[{', '.join(rows)}]"


def v1_body(days: dict[str, dict[str, str]]) -> str:
    """The answer of /v1/first..last."""
    texts = [
        f'"{day}": {{{", ".join(f"{chr(34)}{code}{chr(34)}: {digits}" for code, digits in rates.items())}}}'
        for day, rates in days.items()
    ]
    first, last = min(days), max(days)
    head = f'"amount": 1.0, "base": "EUR", "start_date": "{first}", "end_date": "{last}"'
    return f'{{{head}, "rates": {{{", ".join(texts)}}}}}'


def write_history(folder: Path, days: dict[str, dict[str, str]]) -> str:
    """Write a history file like the package's with these days only; returns its path."""
    codes = list(next(iter(reversed(table().values()))) | {"TRL": "", "BGN": "", "HRK": ""})
    lines = [",".join(["Date", *codes, ""])]
    for day in sorted(days, reverse=True):
        lines.append(",".join([day, *(days[day].get(code, "N/A") for code in codes), ""]))
    path = folder / "history.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("eurofxref-hist.csv", "\n".join(lines) + "\n")
    return str(path)


def day(text: str) -> date:
    """The date of an ISO text."""
    return date.fromisoformat(text)


def use_history(monkeypatch, folder: Path, first: str, last: str) -> None:
    """Replace the bundled history by these days: quick to store, and with room for newer days."""
    monkeypatch.setattr(ecb_history, "CURRENCY_FILE", write_history(folder, between(first, last)))
    ecb_history.forget_history()


def altered(days: dict[str, dict[str, str]], on: str, **rates: str) -> dict[str, dict[str, str]]:
    """A copy of the days with some rates of one day replaced."""
    return {**days, on: {**days[on], **rates}}

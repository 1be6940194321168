"""Joins the year, the month and the day of a table that has a column for each."""

import re
from collections.abc import Sequence
from dataclasses import replace

from expenses.statements.statement import Table

# The names of the three columns in the languages whose banks have them, alone or in brackets.
_NAMES = (
    ("year", "年", "año", "ano", "jahr"),
    ("month", "月", "mes", "mês", "monat"),
    ("day", "日", "día", "dia", "tag"),
)
_BRACKETS = re.compile(r"[(（](.+)[)）]$")
# Of so many rows, at least this share has days.
_SAMPLE, _MOST = 50, 0.6


def with_whole_days(table: Table) -> Table:
    """The table with the days in the column of the years; as it is if it has no such columns beside each other."""
    names = [_part(name) for name in table.header]
    at = next((at for at in range(len(names) - 2) if names[at : at + 3] == [0, 1, 2]), None)
    sample = table.rows[:_SAMPLE]
    if at is None or sum(_is_day(row[at : at + 3]) for row in sample) < len(sample) * _MOST:
        return table
    rows = [(*row[:at], _joined(row[at : at + 3]), *row[at + 3 :]) for row in table.rows]
    name = _BRACKETS.sub("", table.header[at]).strip()
    header = (*table.header[:at], name if name != table.header[at] else "Date", *table.header[at + 3 :])
    return replace(table, header=header, rows=tuple(rows))


def _part(name: str) -> int | None:
    """Whether a name says year (0), month (1) or day (2)."""
    found = _BRACKETS.search(name)
    word = (found[1] if found else name).strip().casefold()
    return next((number for number, words in enumerate(_NAMES) if word in words), None)


def _is_day(cells: Sequence[str]) -> bool:
    """Whether three cells are a year, a month and a day."""
    are_short = len(cells[0]) == len("2026") and all(len(cell) < 3 for cell in cells[1:])
    return are_short and all(map(str.isdecimal, cells))


def _joined(cells: Sequence[str]) -> str:
    return f"{cells[0]}-{cells[1]:0>2}-{cells[2]:0>2}" if _is_day(cells) else " ".join(filter(None, cells))

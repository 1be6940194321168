"""Mends rows that have more cells than the table has columns, because a text in them has the delimiter."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from expenses.statements.days import looks_like_day
from expenses.statements.notation import is_number

# Rows by which the columns are known, and the share of their cells that must be alike.
_SAMPLE, _ALIKE = 300, 0.8
# Longer rows are not mended if they are more than this share.
_FEW = 0.2
_MOST_MORE = 8
_DIGIT = re.compile(r"\d")


class Cells(NamedTuple):
    """The cells of one line of a file. line: counted from 1."""

    line: int
    cells: Sequence[str]


def rejoined(header: Sequence[str], rows: Sequence[Cells]) -> list[Cells]:
    """The rows, with the text of too long ones in one cell again if they then fit to the columns.

    It is the one of the column with the longest texts.
    """
    width = width_of(Cells(0, header))
    long = [row for row in rows if width_of(row) > width] if width > 2 else []
    if not long or len(long) > max(1, len(rows) * _FEW):
        return [*rows]
    usual = [row.cells for row in rows[:_SAMPLE] if width_of(row) <= width]
    columns = [[row[place] for row in usual if place < len(row)] for place in range(width)]
    values, longest = [*map(_share, columns)], sorted(range(width), key=lambda place: -sum(map(len, columns[place])))
    return [_fitted(row, longest, values) if width_of(row) > width else row for row in rows]


def _share(cells: Sequence[str]) -> float | None:
    """The share of values among the cells that are filled; None if none is."""
    filled = [cell for cell in cells if cell]
    return sum(map(is_value, filled)) / len(filled) if filled else None


def _fitted(row: Cells, longest: Sequence[int], values: Sequence[float | None]) -> Cells:
    """The row with too many cells joined. longest: the columns in the order of the length of their texts."""
    more = width_of(row) - len(values)
    for at in longest if more <= _MOST_MORE else ():
        text = ", ".join(row.cells[at : at + more + 1])
        cells = [*row.cells[:at], text, *row.cells[at + more + 1 :]]
        if not is_value(text) and all(map(_fits, cells, values)):
            return Cells(row.line, cells)
    return row


def _fits(cell: str, values: float | None) -> bool:
    """Whether a cell is like the others of its column."""
    if not cell or values is None:
        return not cell
    return is_value(cell) if values >= _ALIKE else values <= 1 - _ALIKE and not is_value(cell)


def width_of(row: Cells) -> int:
    """The number of cells, without the empty ones at the end."""
    if row.cells and row.cells[-1]:
        return len(row.cells)
    return next((at for at in range(len(row.cells), 0, -1) if row.cells[at - 1]), 0)


def is_value(cell: str) -> bool:
    """Whether a cell is a date or a number. A number with letters, such as Q1, may be part of a name."""
    if not _DIGIT.search(cell):
        return False
    return looks_like_day(cell) or (not any(map(str.isalpha, cell)) and is_number(cell))

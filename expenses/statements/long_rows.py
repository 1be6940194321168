"""Mends rows with more cells than the table has columns, because a text or number contains the delimiter."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from expenses.statements.days import looks_like_day
from expenses.statements.header_words import begins_with_footer
from expenses.statements.notation import is_number

# Rows by which the columns are known, and the share of their cells that must be alike.
_SAMPLE, _ALIKE = 300, 0.8
# Texts are only joined if at most this share of the rows is too long, and by at most so many cells.
_FEW, _MOST_MORE = 0.5, 8
# Fitting a row costs as much as reading many.
_MOST_FITTED = 1_000
_DIGIT = re.compile(r"\d")
# Cells of a row, one a line, that are one number: with a comma before its decimals, or between its groups of digits.
_DECIMALS = re.compile(r"^([-+]?\d+)\n(\d\d)$", re.MULTILINE)
_GROUPS = re.compile(r"^[-+]?\d{1,3}(?:\n\d{3})+(?:\.\d+)?$", re.MULTILINE)


class Cells(NamedTuple):
    """The cells of one line of a file. line: counted from 1."""

    line: int
    cells: Sequence[str]


def rejoined(header: Sequence[str], rows: Sequence[Cells]) -> list[Cells]:
    """The rows, with the parts of numbers and texts in one cell again if the rows then fit to the columns.

    A text is joined in the column with the longest texts that it fits to. A longer row without values may be the names
    of another table's columns, so it ends this one.
    """
    width = width_of(Cells(0, header))
    long = [at for at, row in enumerate(rows) if width_of(row) > width] if width > 2 else []
    if not long:
        return [*rows]
    end = next((at for at in long if not any(map(is_value, rows[at].cells))), len(rows))
    return [*_rejoined(width, rows[:end]), *rows[end:]]


def _rejoined(width: int, rows: Sequence[Cells]) -> Sequence[Cells]:
    count = sum(width_of(row) > width for row in rows)
    if count > sum(width_of(row) * 2 > width for row in rows) * _FEW:
        whole = [_short(_with_numbers(row, _DECIMALS), width) for row in rows]
        return whole if all(width_of(row) <= width for row in whole) else rows
    if count > _MOST_FITTED:
        return rows
    usual = [row.cells for row in rows[:_SAMPLE] if width_of(row) <= width]
    usual = [cells for cells in usual if any(map(looks_like_day, cells))] or usual
    columns = [[row[place] for row in usual if place < len(row)] for place in range(width)]
    values, longest = [*map(_share, columns)], sorted(range(width), key=lambda place: -sum(map(len, columns[place])))
    return [_fitted(row, longest, values) if width_of(row) > width else row for row in rows]


def _with_numbers(row: Cells, parts: re.Pattern[str]) -> Cells:
    """The row with the parts of its numbers in one cell."""
    if any("\n" in cell for cell in row.cells):
        return row
    return Cells(row.line, parts.sub(lambda found: found[0].replace("\n", ","), "\n".join(row.cells)).split("\n"))


def _short(row: Cells, width: int) -> Cells:
    """The row; a total that is too long without its empty cells."""
    is_long = width_of(row) > width and begins_with_footer(row.cells)
    return Cells(row.line, [*filter(None, row.cells)]) if is_long else row


def _share(cells: Sequence[str]) -> float | None:
    """The share of values among the cells that are filled; None if none is."""
    filled = [cell for cell in cells if cell]
    return sum(map(is_value, filled)) / len(filled) if filled else None


def _fitted(row: Cells, longest: Sequence[int], values: Sequence[float | None]) -> Cells:
    """The row with too many cells joined. longest: the columns in the order of the length of their texts."""
    whole = _with_numbers(row, _GROUPS)
    if len(whole.cells) == len(values) and all(map(_fits, whole.cells, values)):
        return whole
    more = width_of(row) - len(values)
    for at in longest if more <= _MOST_MORE else ():
        parts = row.cells[at : at + more + 1]
        cells = [*row.cells[:at], ", ".join(parts), *row.cells[at + more + 1 :]]
        if all(parts) and not any(map(is_value, parts)) and all(map(_fits, cells, values)):
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

"""Finds the table in a file: it starts at the row of column names, below the bank's letterhead."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from expenses.statements.days import looks_like_day
from expenses.statements.header_words import ROLES, rank_columns
from expenses.statements.notation import is_number
from expenses.statements.size_limits import check_columns, check_rows
from expenses.statements.statement import StatementError, Table

# The header is searched among this many lines.
LETTERHEAD = 60


class Cells(NamedTuple):
    """The cells of one line of a file. line: counted from 1."""

    line: int
    cells: Sequence[str]


def to_table(rows: Sequence[Cells]) -> Table:
    """Return the header and the rows below it. Raises StatementError if there are no columns or rows, or too many."""
    filled = [row for row in (_tidy(row) for row in rows) if any(row.cells)]
    header, start = _find_header(filled)
    below = filled[start:]
    if not below:
        raise StatementError(_("The file has no rows below its column names. Choose another statement."))
    check_rows(len(below))
    width = max(len(header), *map(_width_of, below))
    check_columns(width)
    if width < 2:
        raise StatementError(_("This file has no columns. Choose a statement as CSV, Excel or OFX."))
    names = header or [_("Column %(n)d") % {"n": n + 1} for n in range(width)]
    return Table(
        _fit_cells(names, width), tuple(_fit_cells(row.cells, width) for row in below), tuple(row.line for row in below)
    )


def _tidy(row: Cells) -> Cells:
    return Cells(row.line, [*map(str.strip, row.cells)])


def _width_of(row: Cells) -> int:
    """The number of cells, without the empty ones at the end."""
    return next((at for at in range(len(row.cells), 0, -1) if row.cells[at - 1]), 0)


def _fit_cells(cells: Sequence[str], width: int) -> tuple[str, ...]:
    return tuple(cells[:width]) + ("",) * (width - len(cells))


def _find_header(rows: Sequence[Cells]) -> tuple[Sequence[str], int]:
    """Find the column names, empty if the file has none, and the index of the first row after them.

    They are the line with the most known names. If no line has two, they are the first line as wide as most rows.
    """
    first = rows[:LETTERHEAD]
    known = [known_names(row) for row in first]
    best = max(known, default=0)
    if best >= 2:
        at = known.index(best)
        return rows[at].cells, at + 1
    widths = Counter(_width_of(row) for row in rows)
    usual = max(widths, key=lambda width: widths[width] * (width - 1), default=0)
    at = next((at for at, row in enumerate(first) if _width_of(row) >= usual), 0)
    return ([], at) if not rows or _has_values(rows[at]) else (rows[at].cells, at + 1)


def known_names(row: Cells) -> int:
    """Count the columns that a line names; 0 if it has values."""
    if _has_values(row):
        return 0
    return sum(any(rank_columns(cell, column) for cell in row.cells if len(cell) < 60) for column in ROLES)


def _has_values(row: Cells) -> bool:
    """Whether a line has a date or a number. A number with letters, such as Q1, may be part of a name."""
    return any(looks_like_day(cell) or (is_number(cell) and not any(map(str.isalpha, cell))) for cell in row.cells)

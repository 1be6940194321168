"""Tells rows with a movement from other rows of a file."""

import re
from collections.abc import Sequence

from expenses.statements.days import looks_like_day, read_count
from expenses.statements.header_words import rank_columns
from expenses.statements.long_rows import Cells
from expenses.statements.notation import is_number
from expenses.statements.statement import MONEY, Column

# A summary is recognised above at least two movements.
_LEAST_ROWS = 3
_WORD = re.compile(r"[^\W\d_]+")


def has_movements(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a row has a date, a number and another cell."""
    return any(sum(map(bool, cells)) > 2 and holds_movement(cells) for cells in rows)


def has_counted_days(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether columns named for days have seconds since 1970 in them, and others for amounts have numbers."""
    days = [place for place, name in enumerate(header) if rank_columns(name, Column.DATE)]
    money = [place for place, name in enumerate(header) if any(rank_columns(name, column) for column in MONEY)]
    return any(any(read_count(row[at]) for at in days) and any(is_number(row[at]) for at in money) for row in rows)


def holds_movement(cells: Sequence[str]) -> bool:
    days = [looks_like_day(cell) for cell in cells]
    return any(days) and any(is_number(cell) and not day for cell, day in zip(cells, days, strict=True))


def begins_with_summary(rows: Sequence[Cells]) -> bool:
    """Whether the first row writes its day in another way than all rows below, such as 2026-03-31 above 16-03-2026."""
    place = next((place for place, cell in enumerate(rows[0].cells if rows else ()) if looks_like_day(cell)), None)
    if place is None or len(rows) < _LEAST_ROWS:
        return False
    below = [row.cells[place] for row in rows[1:] if place < len(row.cells) and looks_like_day(row.cells[place])]
    notations = {_notation(cell) for cell in below}
    are_most = len(below) >= _LEAST_ROWS - 1 and len(below) * 2 > len(rows)
    return are_most and len(notations) == 1 and _notation(rows[0].cells[place]) not in notations


def _notation(day: str) -> tuple[str, bool]:
    """What is between the numbers of a day, which may be the name of any month, and whether the year is first."""
    return re.sub(r"\d+", "", _WORD.sub("x", day)), day[:4].isdecimal()

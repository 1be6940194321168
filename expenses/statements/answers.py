"""Columns whose names ask a question, such as "Pending" or "Is income", and whose cells answer it with yes or no."""

from dataclasses import replace

from expenses.statements.app_exports import is_mark
from expenses.statements.header_words import begins_with_footer
from expenses.statements.plain_words import plain_header
from expenses.statements.statement import Table
from expenses.statements.vocabulary import CELLS, is_exactly

_IS = "is "
# What yes and no mean in a column whose name has one of these meanings.
_STATUSES = {"pending": ("pending", ""), "cancelled": ("cancelled", ""), "booked": ("", "pending")}
_OUT, _IN = ("debit", "credit"), ("credit", "debit")
_WORDS = ("spending", "receiving")
_WAYS = {"out": _OUT, "spending": _OUT, "in": _IN, "receiving": _IN}


def with_answers(table: Table) -> Table:
    """The table with words such as "pending" and "credit" instead of yes and no."""
    words = {place: said for place, name in enumerate(table.header) if (said := _words_of(table, place, name))}
    if not words:
        return table
    rows = [
        tuple(_word(cell, *words[place]) if place in words else cell for place, cell in enumerate(row))
        for row in table.rows
    ]
    return replace(table, rows=tuple(rows))


def _words_of(table: Table, place: int, header: str) -> tuple[str, str] | None:
    """The words for yes and no in a column; None if it asks nothing or has other cells."""
    name = plain_header(header).removeprefix(_IS)
    meanings = _STATUSES | _WAYS
    asked = next((meaning for meaning in meanings if name in CELLS[meaning]), None)
    is_other = asked in _WORDS and name not in CELLS["tracker"]  # "Refund" asks something else
    if asked is None or is_other or is_mark(header, table.header):
        return None
    cells = {row[place] for row in table.rows if row[place] and not begins_with_footer(row)}
    if not 0 < len(cells) < 3 or not all(is_exactly(cell, "yes", "no") for cell in cells):
        return None
    if asked in _WAYS and (len(cells) < 2 or any(map(str.isdecimal, cells))):  # these may be amounts
        return None
    return meanings[asked]


def _word(cell: str, yes: str, no: str) -> str:
    if is_exactly(cell, "yes"):
        return yes
    return no if cell else ""

"""Columns that say in another way than by words whether a row is booked."""

from collections.abc import Sequence
from dataclasses import replace

from expenses.statements.days import looks_like_day
from expenses.statements.header_words import WHOLE_NAME, rank_role
from expenses.statements.plain import plain_header
from expenses.statements.profile import Profile
from expenses.statements.statement import Table
from expenses.statements.vocabulary import CELLS, is_exactly

_STATUSES = ("pending", "cancelled", "booked")
_IS = "is "
# Beyond this share, rows without the day of booking say nothing.
_FEW = 0.4


def with_statuses(table: Table) -> Table:
    """The table with words in columns that answer a question such as "Pending" by yes and no."""
    asked = {place: status for place, name in enumerate(table.header) if (status := _status_of(name))}
    asked = {place: status for place, status in asked.items() if _are_answers({row[place] for row in table.rows})}
    if not asked:
        return table
    rows = [
        [_word(cell, asked[place]) if place in asked else cell for place, cell in enumerate(row)] for row in table.rows
    ]
    return replace(table, rows=tuple(map(tuple, rows)))


def _status_of(header: str) -> str:
    name = plain_header(header).removeprefix(_IS)
    return next((status for status in _STATUSES if name in CELLS[status]), "")


def _are_answers(cells: set[str]) -> bool:
    filled = cells - {""}
    return 0 < len(filled) < 3 and all(is_exactly(cell, "yes", "no") for cell in filled)


def _word(cell: str, status: str) -> str:
    if status == "booked":
        return "pending" if is_exactly(cell, "no") else ""
    return status if is_exactly(cell, "yes") else ""


def posted_place(profiles: Sequence[Profile], used: int | None) -> int | None:
    """The column with the days of booking if only the rows at one end of the table, the newest ones, lack them.

    used: the column with the days that are used, of which no row lacks one.
    """
    if used is None or "" in profiles[used].cells:
        return None
    for one in profiles:
        if one.place != used and rank_role(one.header, "posted") >= WHOLE_NAME and _lacks_newest(one):
            return one.place
    return None


def _lacks_newest(one: Profile) -> bool:
    gaps = [not cell for cell in one.cells]
    count = sum(gaps)
    if not 0 < count <= len(gaps) * _FEW or not all(map(looks_like_day, one.filled)):
        return False
    return all(gaps[:count]) or all(gaps[-count:])

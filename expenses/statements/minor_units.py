"""Reads amounts in cents and other minor units, which banks' interfaces give: 1240 is 12.40."""

from dataclasses import replace
from decimal import Decimal

from expenses import money
from expenses.statements.header_words import rank_role
from expenses.statements.notation import is_number
from expenses.statements.statement import Table

_USUAL = 2


def with_major_units(table: Table) -> Table:
    """The table with amounts in the usual units in the columns that are named for minor ones and hold whole numbers."""
    places = [at for at, name in enumerate(table.header) if rank_role(name, "minor units") and _are_whole(table, at)]
    if not places:
        return table
    rows = []
    for row in table.rows:
        digits = next((money.minor_units(cell) for cell in row if cell in money.KNOWN), _USUAL)
        rows.append(tuple(_major(cell, digits) if at in places else cell for at, cell in enumerate(row)))
    return replace(table, rows=tuple(rows))


def _are_whole(table: Table, at: int) -> bool:
    cells = [row[at] for row in table.rows if row[at]]
    return bool(cells) and all(is_number(cell) and "." not in cell and "," not in cell for cell in cells)


def _major(cell: str, digits: int) -> str:
    """The amount with a decimal point. A sign before it stays."""
    number = "".join(filter(str.isdecimal, cell))
    if not number:
        return cell
    return cell.replace(number, f"{Decimal(number).scaleb(-digits):f}") if number in cell else cell

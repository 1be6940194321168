"""Reads amounts in cents and other minor units, which banks' interfaces give: 1240 is 12.40."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from expenses import money
from expenses.statements.header_words import rank_role
from expenses.statements.notation import is_number
from expenses.statements.plain_words import plain_header
from expenses.statements.statement import Table

_USUAL, _MOST_DIGITS = 2, 4
_SCALES, _VALUES = (" precision", " scale", " decimals", " exponent"), (" unscaled value", " value", " amount")


def with_major_units(table: Table) -> Table:
    """The table with amounts in the usual units in the columns that are named for minor ones and hold whole numbers."""
    places = {at: None for at, name in enumerate(table.header) if rank_role(name, "minor units")}
    places = {at: scale for at, scale in (places | _scaled(table.header)).items() if _are_whole(table, at)}
    if not places:
        return table
    rows = []
    for row in table.rows:
        usual = next((money.minor_units(cell) for cell in row if cell in money.KNOWN), _USUAL)
        digits = {at: usual if scale is None else _digits_in(row[scale]) for at, scale in places.items()}
        rows.append(tuple(_major(cell, digits[at]) if at in digits else cell for at, cell in enumerate(row)))
    return replace(table, rows=tuple(rows))


def _scaled(header: Sequence[str]) -> dict[int, int]:
    """The columns beside one that says how many decimals they have: "amount value" beside "amount precision"."""
    names = [*enumerate(map(plain_header, header))]
    scales = {name.rpartition(" ")[0]: at for at, name in names if name.endswith(_SCALES)}
    stems = [(at, next((name.removesuffix(end) for end in _VALUES if name.endswith(end)), name)) for at, name in names]
    return {at: scales[stem] for at, stem in stems if stem in scales and at != scales[stem]}


def _digits_in(cell: str) -> int:
    return int(cell) if cell in map(str, range(_MOST_DIGITS + 1)) else 0


def _are_whole(table: Table, at: int) -> bool:
    cells = [row[at] for row in table.rows if row[at]]
    return bool(cells) and all(is_number(cell) and "." not in cell and "," not in cell for cell in cells)


def _major(cell: str, digits: int) -> str:
    """The amount with a decimal point. A sign before it stays."""
    number = "".join(filter(str.isdecimal, cell))
    if not number:
        return cell
    return cell.replace(number, f"{Decimal(number).scaleb(-digits):f}") if number in cell else cell

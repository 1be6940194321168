"""Turns exports that say what was paid for each person into a column for each, as `shares` does."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from expenses.statements.header_words import WHOLE_NAME, rank_columns, rank_role
from expenses.statements.notation import decimal_votes, is_number, read_number
from expenses.statements.statement import Column, Table
from expenses.statements.vocabulary import is_exactly

_CENT = Decimal("0.01")
_MOST_PEOPLE = 30
_SPENT, _SETTLED = "Expense", "Own transfer"


class _Shares(NamedTuple):
    """The columns of the payer, the cost and each person's share, and the words before names in headers."""

    payer_at: int
    cost_at: int
    places: list[int]
    prefix: str


def paid_shares(table: Table) -> Table:
    """The table with what was paid for each person in its last columns; any other table as it is.

    Apps such as Tricount write a column "Paid for Anna" for each person and who paid. A payment between two people is
    moved, from the one who paid to the other one.
    """
    found = _find(table)
    if not found:
        return table
    kinds = [at for at, name in enumerate(table.header) if rank_role(name, "kind") >= WHOLE_NAME]
    kept = [at for at in range(len(table.header)) if at not in (found.cost_at, *kinds, *found.places)]
    names = [table.header[at].removeprefix(found.prefix) for at in found.places]
    rows = []
    for row in table.rows:
        settles = _settles(table.header, row)
        shares = [row[at] for at in found.places]
        if settles:
            shares = [_moved(row, found, name, share) for name, share in zip(names, shares, strict=True)]
        rows.append((*(row[at] for at in kept), _SETTLED if settles else _SPENT, *shares))
    header = (*(table.header[at] for at in kept), "Type", *names)
    return replace(table, header=header, rows=tuple(rows), people=len(names))


def _moved(row: Sequence[str], found: _Shares, name: str, share: str) -> str:
    """The amount of a payment between people for one of them; "" if it doesn't concern them."""
    if row[found.payer_at] == name:
        return row[found.cost_at]
    return f"-{share}" if any(char in "123456789" for char in share) else ""


def _find(table: Table) -> _Shares | None:
    for payer_at in range(len(table.header)):
        prefix = _prefix(table, payer_at)
        if not prefix:
            continue
        places = [at for at, name in enumerate(table.header) if name.startswith(prefix)]
        costs = [at for at, name in enumerate(table.header) if rank_columns(name, Column.AMOUNT) >= WHOLE_NAME]
        for cost_at in costs:
            if cost_at not in places and _add_up(table.rows, cost_at, places):
                return _Shares(payer_at, cost_at, places, prefix)
    return None


def _prefix(table: Table, payer_at: int) -> str:
    """The words before each payer's name in the header, such as "Paid for "; "" if there are none."""
    people = {row[payer_at] for row in table.rows[: 10 * _MOST_PEOPLE]} - {""}
    if not people or len(people) > _MOST_PEOPLE:
        return ""
    prefixes = []
    for person in people:
        found = {name.removesuffix(person) for name in table.header if name.endswith(f" {person}")}
        prefixes.append(found)
    common = set[str].intersection(*prefixes)
    shared = [one for one in common if 2 <= sum(name.startswith(one) for name in table.header) <= _MOST_PEOPLE]
    return max(shared, key=len, default="")


def _add_up(rows: Sequence[Sequence[str]], cost_at: int, places: Sequence[int]) -> bool:
    """Whether the shares add up to the cost in every row."""
    return bool(rows) and all(_is_sum(row[cost_at], [row[at] for at in places]) for row in rows)


def _is_sum(cost: str, shares: Sequence[str]) -> bool:
    if not all(not cell or is_number(cell) for cell in (cost, *shares)):
        return False
    total = sum(map(_number, shares))
    return abs(total - _number(cost)) <= _CENT * len(shares)


def _number(cell: str) -> Decimal:
    return read_number(cell, decimal_votes(cell) or ".") or Decimal(0)


def _settles(header: Sequence[str], row: Sequence[str]) -> bool:
    """Whether a row is a payment between the people."""
    kinds = [at for at, name in enumerate(header) if rank_role(name, "kind") or rank_columns(name, Column.CATEGORY)]
    return any(is_exactly(row[at], "settlement") for at in kinds if row[at])

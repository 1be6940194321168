"""Turns exports of shared expenses into a column for each person, with what that person spent."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from expenses.statements.days import looks_like_day
from expenses.statements.header_words import WHOLE_NAME, rank_columns
from expenses.statements.notation import decimal_votes, is_number, read_number
from expenses.statements.plain_words import plain_header
from expenses.statements.profile import MOST
from expenses.statements.statement import Column, Table
from expenses.statements.vocabulary import is_exactly

_CENT = Decimal("0.01")
_YES = ("yes", "true", "1")
_SETTLES = "is reimbursement"
# The words that the further column has, which the guess understands.
_SPENT, _SETTLED = "Expense", "Own transfer"
_MOST_PEOPLE = 30
# The rows in which people are searched first, because most tables have none.
_LOOKED_AT = 500

_Numbers = list[Decimal]


class _People(NamedTuple):
    """The first column of people, that of the cost and its decimal separator, and the cost and numbers of each row.

    are_shares: whether the numbers are what each person spent, positive for who paid and negative for the others.
    """

    first: int
    cost_at: int
    decimal: str
    numbers: list[tuple[Decimal, _Numbers] | None]
    are_shares: bool


def own_shares(table: Table) -> Table:
    """The table with what each person spent in that person's column; any other table as it is.

    Apps such as Splitwise write there what each person paid minus their share, so a row's sum is zero. Spliit writes
    each share, with a minus unless the person paid. Rows that only settle debts keep what was paid, and a further
    column says so. The cost of all together is left out.
    """
    found = None if table.people else _find_people(table, table.rows[:_LOOKED_AT])
    if found and len(table.rows) > _LOOKED_AT:
        found = _find_people(table, table.rows)
    if not found:
        return table
    first, cost_at, decimal, numbers, are_shares = found
    kept = [at for at in range(first) if at != cost_at]
    rows, lines = [], []
    for row, line, found in zip(table.rows, table.lines, numbers, strict=True):
        if found:
            settles = _settles(table.header, row)
            texts = (_plain_shares if are_shares else _shares)(*found, settles=settles)
            shares = [text.replace(".", decimal) for text in texts]
            rows.append((*(row[at] for at in kept), _SETTLED if settles else _SPENT, *shares))
            lines.append(line)
    header = (*(table.header[at] for at in kept), "Type", *table.header[first:])
    return replace(table, header=header, rows=tuple(rows), lines=tuple(lines), people=len(table.header) - first)


def _find_people(table: Table, rows: Sequence[Sequence[str]]) -> _People | None:
    """The people in some rows of the table; None if there are none."""
    first = _first_person(table, rows)
    cost_at = _cost_place(table, first)
    if cost_at is None or not rows:
        return None
    votes = Counter(decimal_votes(cell) for row in rows for cell in row[first:])
    decimal = "," if votes[","] > votes["."] else "."
    numbers = [_numbers(row, cost_at, first, decimal) for row in rows]
    filled = [one for one in numbers if one]
    if _are_differences(filled):
        return _People(first, cost_at, decimal, numbers, are_shares=False)
    if _SETTLES in map(plain_header, table.header) and _add_up(filled):
        return _People(first, cost_at, decimal, numbers, are_shares=True)
    return None


def _first_person(table: Table, rows: Sequence[Sequence[str]]) -> int:
    """Where the last columns begin that all have a name and, in these rows, nothing but numbers."""
    first = len(table.header)
    while first and table.header[first - 1] and all(_is_money(row[first - 1]) for row in rows):
        first -= 1
    return first


def _is_money(cell: str) -> bool:
    return not cell or (is_number(cell) and not looks_like_day(cell))


def _cost_place(table: Table, first: int) -> int | None:
    """The column with the cost of all together; None if the last columns can't be people."""
    if not 2 <= len(table.header) - first <= _MOST_PEOPLE:
        return None
    named = [at for at in range(first) if rank_columns(table.header[at], Column.AMOUNT) >= WHOLE_NAME]
    return named[0] if len(named) == 1 else None


def _numbers(row: Sequence[str], cost_at: int, first: int, decimal: str) -> tuple[Decimal, _Numbers] | None:
    """The cost, and what each person paid minus their share; None for a row without a cost, such as a total."""
    cost = read_number(row[cost_at], decimal)
    if not cost:
        return None
    return cost, [read_number(cell, decimal) or Decimal(0) for cell in row[first:]]


def _are_differences(found: Sequence[tuple[Decimal, _Numbers]]) -> bool:
    """Whether the numbers of each row are zero together, and most rows have some."""
    filled = [one for one in found if any(one[1])]
    if not filled or len(filled) < len(found) * MOST:
        return False
    return all(
        abs(sum(people)) <= _CENT * len(people) and max(map(abs, people)) <= abs(cost) + _CENT
        for cost, people in filled
    )


def _add_up(found: Sequence[tuple[Decimal, _Numbers]]) -> bool:
    """Whether the numbers of each row, without their signs, are its cost."""
    return bool(found) and all(abs(sum(map(abs, people)) - abs(cost)) <= _CENT * len(people) for cost, people in found)


def _plain_shares(cost: Decimal, people: _Numbers, *, settles: bool) -> Iterator[str]:
    """The shares of a row that has them: what each person spent, or who received what in a payment between people.

    If nobody's share says who made the payment, it was the only person without a share.
    """
    is_payer_alone = sum(not share for share in people) == 1
    for share in people:
        if settles and not share and is_payer_alone:
            yield f"{abs(cost):f}"
        else:
            yield f"{share if settles else share.copy_sign(cost):f}" if share else ""


def _shares(cost: Decimal, people: _Numbers, *, settles: bool) -> Iterator[str]:
    """What each person spent: who paid spent the cost minus what others owe them, who didn't what they owe."""
    sign = 1 if cost > 0 else -1
    for paid in people:
        share = paid if settles or not paid else (cost - paid if paid * sign > 0 else -paid)
        yield f"{share:f}" if share else ""


def _settles(header: Sequence[str], row: Sequence[str]) -> bool:
    """Whether a row is a payment between the people."""
    for name, cell in zip(header, row, strict=True):
        if rank_columns(name, Column.CATEGORY) and cell and is_exactly(cell, "settlement"):
            return True
        if plain_header(name) == _SETTLES and cell.lower() in _YES:
            return True
    return False

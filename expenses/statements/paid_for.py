"""Turns exports that say what was paid for each person into a column for each, as `shares` does."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from expenses.statements.header_words import WHOLE_NAME, is_footer_name, rank_columns, rank_role
from expenses.statements.notation import decimal_votes, is_number, read_number
from expenses.statements.statement import Column, Table
from expenses.statements.vocabulary import is_exactly

_CENT = Decimal("0.01")
_MOST_PEOPLE = 30
_SPENT, _SETTLED = "Expense", "Own transfer"


class _Words(NamedTuple):
    """The words before and after names in headers, such as "Paid for ". Both are empty for names alone."""

    before: str
    after: str

    @property
    def is_only_before(self) -> bool:
        return bool(self.before) and not self.after

    def fit(self, header: str) -> bool:
        return bool(self.name_in(header)) and header.startswith(self.before) and header.endswith(self.after)

    def name_in(self, header: str) -> str:
        return header[len(self.before) : len(header) - len(self.after)]


class _Shares(NamedTuple):
    """The columns of the payer, the cost and each person's share, and the words around names in headers."""

    payer_at: int
    cost_at: int
    places: list[int]
    words: _Words


def paid_shares(table: Table) -> Table:
    """The table with what was paid for each person in its last columns; any other table as it is.

    Apps such as Tricount write who paid and a column for each person: "Paid for Anna", "Für Anna bezahlt" or "Anna". A
    payment between two people is moved, from the one who paid to the other one.
    """
    found = _find(table)
    if not found:
        return table
    header = _spaced(table.header)
    kinds = [at for at, name in enumerate(header) if rank_role(name, "kind") >= WHOLE_NAME]
    kept = [at for at in range(len(table.header)) if at not in (found.cost_at, *kinds, *found.places)]
    names = [found.words.name_in(header[at]) for at in found.places]
    rows = []
    for row in table.rows:
        settles = _settles(table.header, row)
        shares = [row[at] for at in found.places]
        if settles:
            shares = [_moved(row, found, name, share) for name, share in zip(names, shares, strict=True)]
        rows.append((*(row[at] for at in kept), _SETTLED if settles else _SPENT, *shares))
    names_of_columns = (*(table.header[at] for at in kept), "Type", *names)
    return replace(table, header=names_of_columns, rows=tuple(rows), people=len(names))


def _moved(row: Sequence[str], found: _Shares, name: str, share: str) -> str:
    """The amount of a payment between people for one of them; "" if it doesn't concern them."""
    if row[found.payer_at].lower() == name.lower():
        return row[found.cost_at]
    return f"-{share}" if any(char in "123456789" for char in share) else ""


def _find(table: Table) -> _Shares | None:
    costs = [at for at, name in enumerate(table.header) if rank_columns(name, Column.AMOUNT) >= WHOLE_NAME]
    for payer_at in range(len(table.header)):
        words = _words(table, payer_at)
        if not words or not (words.is_only_before or rank_role(table.header[payer_at], "paid by", "payer")):
            continue  # categories and currencies may have columns called like them, too
        for cost_at in costs:
            places = _places(table, words, cost_at)
            if cost_at not in places and 2 <= len(places) <= _MOST_PEOPLE and _add_up(table.rows, cost_at, places):
                return _Shares(payer_at, cost_at, places, words)
    return None


def _words(table: Table, payer_at: int) -> _Words | None:
    """The words around each payer's name in the header; None if a payer has no column."""
    people = {row[payer_at] for row in table.rows[: 10 * _MOST_PEOPLE]} - {""}
    if not people or len(people) > _MOST_PEOPLE:
        return None
    header = _spaced(table.header)
    around = [{_around(person, name) for name in header if _names(name, person)} for person in people]
    common = set[_Words].intersection(*around)
    return max(common, key=lambda words: (sum(map(words.fit, header)) > 1, sum(map(len, words))), default=None)


def _spaced(header: Sequence[str]) -> list[str]:
    """Names of columns with blanks between their words."""
    return [name.replace("_", " ") for name in header]


def _names(header: str, person: str) -> bool:
    """Whether a header has a person's name once, as whole words."""
    return f" {header} ".lower().count(f" {person} ".lower()) == 1


def _around(person: str, header: str) -> _Words:
    at = f" {header} ".lower().index(f" {person} ".lower())
    return _Words(header[:at], header[at + len(person) :])


def _places(table: Table, words: _Words, cost_at: int) -> list[int]:
    """The columns with these words. Without any words, the last columns, if they are numbers: some may never pay."""
    if any(words):
        return [at for at, name in enumerate(_spaced(table.header)) if words.fit(name)]
    first = len(table.header)
    while first > cost_at + 1 and all(not row[first - 1] or is_number(row[first - 1]) for row in table.rows):
        first -= 1
    return [*range(first, len(table.header))]


def _add_up(rows: Sequence[Sequence[str]], cost_at: int, places: Sequence[int]) -> bool:
    """Whether the shares add up to the cost in every row but totals."""
    rows = [row for row in rows if not is_footer_name(row[0])]
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

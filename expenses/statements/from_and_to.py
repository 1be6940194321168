"""Reads exports whose rows go from an account to a category, or the other way, as 1Money writes them."""

from collections.abc import Sequence, Set
from dataclasses import replace
from itertools import pairwise

from expenses.statements.header_words import WHOLE_NAME, rank_role
from expenses.statements.notation import is_number
from expenses.statements.statement import Table
from expenses.statements.vocabulary import is_exactly

_FURTHER = ("Account", "Category")
_NAMES = ("title 1", "payer", "payer 2")
_LOOKED_AT = 500

_Rows = Sequence[Sequence[str]]


def with_account_and_category(table: Table) -> Table:
    """The table with a column of accounts and one of categories in place of those for both sides.

    Any other table stays as it is. The first rows decide, and the first column of kinds: each pair of columns for each
    such column could take minutes.
    """
    places, beginning = range(len(table.header)), replace(table, rows=table.rows[:_LOOKED_AT])
    for kind_at in (at for at in places if rank_role(table.header[at], "kind") >= WHOLE_NAME):
        kinds = spent, received, _moved = _by_kind(beginning.rows, kind_at)
        if spent and received:
            pairs = (pair for pair in pairwise(places) if kind_at not in pair and _are_sides(beginning, kinds, pair))
            pair = next(pairs, None)
            return _with_pair(table, {id(row) for row in _by_kind(table.rows, kind_at)[1]}, pair) if pair else table
    return table


def _with_pair(table: Table, received: Set[int], pair: tuple[int, int]) -> Table:
    """The table with the account and the category of a pair of columns. received: the ids of the rows of income."""
    kept = [at for at in range(len(table.header)) if at not in pair]
    sides = [[row[at] for at in (reversed(pair) if id(row) in received else pair)] for row in table.rows]
    rows = tuple((*(row[at] for at in kept), *both) for row, both in zip(table.rows, sides, strict=True))
    return replace(table, header=(*(table.header[at] for at in kept), *_FURTHER), rows=rows)


def _by_kind(rows: _Rows, kind_at: int) -> list[_Rows]:
    """The rows with money spent, with money received, and those of transfers."""
    words = {row[kind_at] for row in rows}
    meanings = (("spending",), ("receiving",), ("moving", "own transfer"))
    said = [{word for word in words if is_exactly(word, *meaning)} for meaning in meanings]
    return [[row for row in rows if row[kind_at] in one] for one in said]


def _are_sides(table: Table, kinds: Sequence[_Rows], sides: tuple[int, int]) -> bool:
    """Whether two columns have accounts on one side and categories on the other, which income swaps.

    Columns named for payers and payees need a transfer between two of the accounts. Rows of no kind, such as totals,
    are fewer than the others.
    """
    (spent, received, moved), (from_at, to_at) = kinds, sides
    rows = [*spent, *received, *moved]
    if len(rows) * 2 <= len(table.rows):
        return False
    if not all(row[at] and not is_number(row[at]) for row in rows for at in sides):
        return False
    accounts = {row[from_at] for row in spent} | {row[to_at] for row in received}
    others = {row[to_at] for row in spent} | {row[from_at] for row in received}
    is_shared = {row[from_at] for row in spent} & {row[to_at] for row in received}
    if not is_shared or accounts & others:
        return False
    are_named = any(rank_role(table.header[at], *_NAMES) >= WHOLE_NAME for at in sides)
    between = any({row[from_at], row[to_at]} <= accounts for row in moved)
    return between or (bool(moved) and not are_named)

"""Reads exports whose rows go from an account to a category, or the other way, as 1Money writes them."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from expenses.statements.header_words import WHOLE_NAME, rank_role
from expenses.statements.notation import is_number
from expenses.statements.statement import Table
from expenses.statements.vocabulary import is_exactly

_FURTHER = ("Account", "Category")
_NAMES = ("title 1", "payer", "payer 2")

Rows = Sequence[Sequence[str]]


def with_account_and_category(table: Table) -> Table:
    """The table with a column of accounts and one of categories in place of those for both sides.

    Any other table stays as it is.
    """
    kinds = [at for at, name in enumerate(table.header) if rank_role(name, "kind") >= WHOLE_NAME]
    found = ((at, sides) for at in kinds for sides in pairwise(range(len(table.header))) if at not in sides)
    for kind_at, (from_at, to_at) in found:
        if _are_sides(table, _by_kind(table.rows, kind_at), (from_at, to_at)):
            kept = [at for at in range(len(table.header)) if at not in (from_at, to_at)]
            rows = []
            for row in table.rows:
                came_in = is_exactly(row[kind_at], "receiving")
                sides = (row[to_at], row[from_at]) if came_in else (row[from_at], row[to_at])
                rows.append((*(row[at] for at in kept), *sides))
            return replace(table, header=(*(table.header[at] for at in kept), *_FURTHER), rows=tuple(rows))
    return table


def _by_kind(rows: Rows, kind_at: int) -> list[Rows]:
    """The rows with money spent, with money received, and those of transfers."""
    meanings = (("spending",), ("receiving",), ("moving", "own transfer"))
    return [[row for row in rows if is_exactly(row[kind_at], *meaning)] for meaning in meanings]


def _are_sides(table: Table, kinds: Sequence[Rows], sides: tuple[int, int]) -> bool:
    """Whether two columns have accounts on one side and categories on the other, which income swaps.

    Columns named for payers and payees need a transfer between two of the accounts. Rows of no kind, such as totals,
    are fewer than the others.
    """
    (spent, received, moved), (from_at, to_at) = kinds, sides
    rows = [*spent, *received, *moved]
    if not spent or not received or len(rows) * 2 <= len(table.rows):
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

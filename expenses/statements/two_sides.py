"""Reads exports whose rows have an account, an amount and a currency on either side, as ZenMoney writes them."""

from collections.abc import Sequence
from dataclasses import replace

from expenses.statements.notation import is_zero
from expenses.statements.plain_words import plain_header
from expenses.statements.statement import Table

_SIDES = ("outcome", "income")
_PARTS = (" account name", "", " currency short title")
_FURTHER = ("Account", "Currency", "Type")
_MOVED, _SPENT, _RECEIVED = "Own transfer", "Expense", "Income"


def with_one_side(table: Table) -> Table:
    """The table with one column of accounts and one of currencies, and with a type for each row.

    Any other table stays as it is. A row between two accounts is a transfer with what left the first one.
    """
    names = [*map(plain_header, table.header)]
    if not all(side + part in names for side in _SIDES for part in _PARTS):
        return table
    out, came = ([names.index(side + part) for part in _PARTS] for side in _SIDES)
    left_out = {out[0], out[2], came[0], came[2]}
    kept = [at for at in range(len(names)) if at not in left_out]
    rows = []
    for row in table.rows:
        cells, further = list(row), _further(row, out, came)
        if further[-1] == _MOVED:
            cells[came[1]] = ""
        rows.append((*(cells[at] for at in kept), *further))
    return replace(table, header=(*(table.header[at] for at in kept), *_FURTHER), rows=tuple(rows))


def _further(row: Sequence[str], out: Sequence[int], came: Sequence[int]) -> tuple[str, str, str]:
    """The account, the currency and the type of a row."""
    is_moved = bool(row[out[0]] and row[came[0]]) and row[out[0]] != row[came[0]]
    is_received = not is_moved and is_zero(row[out[1]])
    account_at, _amount, currency_at = came if is_received else out
    return row[account_at], row[currency_at], _MOVED if is_moved else _RECEIVED if is_received else _SPENT

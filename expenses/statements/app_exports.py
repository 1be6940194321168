"""Recognises exports of finance apps by the names of their columns, and knows what some of these columns mean."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from expenses.statements.header_words import WHOLE_NAME, rank_columns, rank_role
from expenses.statements.notation import is_negative, is_zero
from expenses.statements.plain_words import plain_header
from expenses.statements.statement import Column, Table
from expenses.statements.vocabulary import is_exactly

# Columns in which people mark what they have compared with their bank.
_MARKS = {"cleared", "reconciled"}
# The columns of Firefly III, which names the accounts on both sides.
_TYPE, _AMOUNT, _SOURCE, _DESTINATION = "type", "amount", "source name", "destination name"
_BOTH_SIDES = {_TYPE, _AMOUNT, _SOURCE, _DESTINATION}
# What Actual calls the amount of a transaction whose parts follow.
_SPLIT = "split amount"
# In Korean, Money Manager calls titles contents and notes memos.
_KOREAN_NOTES = {"메모"}
_DECORATIONS = {"icon", "iconname", "icon name", "color", "colour", "emoji"}


class _App(NamedTuple):
    """The export of an app.

    has: names of columns that no bank has together. columns: the names of those that mean something else than their
    names and cells suggest.
    """

    has: frozenset[str]
    columns: dict[Column, str]


def _app(has: str, **columns: str) -> _App:
    return _App(frozenset(has.split("|")), {Column(column): name for column, name in columns.items()})


_APPS = (
    _app("description|original description|transaction type|account name", title="description", note="notes"),  # Mint
    _app("title|income|category name|account", title="title", note="note"),  # Cashew
    _app("name|income|category name|account", title="name", note="note"),  # Cashew, all columns
    _app("symbol|type|quantity|price|value|fees", title="symbol"),  # Revolut, crypto
    _app("journal id|source name|destination name", title="destination name"),  # Firefly III
    _app(
        "expense amount|income amount|currency|description",  # Toshl
        money_out="expense amount", money_in="income amount", currency="currency", title="description",
    ),
)  # fmt: skip


def app_columns(header: Sequence[str]) -> dict[Column, int]:
    """The columns that an app's export is known to have; empty for other tables."""
    names = [*map(plain_header, header)]
    app = next((one for one in _APPS if one.has.issubset(names)), None)
    if not app:
        return _money_manager(names)
    return {column: names.index(name) for column, name in app.columns.items() if name in names}


def _money_manager(names: Sequence[str]) -> dict[Column, int]:
    """The columns of Money Manager, which calls titles notes, and notes descriptions; empty for other tables."""
    if not any("/" in name and all(is_exactly(part, "tracker") for part in name.split("/")) for name in names):
        return {}
    title = max(range(len(names)), key=lambda at: rank_columns(names[at], Column.NOTE))
    note = max(range(len(names)), key=lambda at: (at != title, rank_role(names[at], "title 2")))
    are_named = rank_columns(names[title], Column.NOTE) >= WHOLE_NAME <= rank_role(names[note], "title 2")
    if are_named and plain_header(names[title]) in _KOREAN_NOTES:
        title, note = note, title
    return {Column.TITLE: title, Column.NOTE: note} if are_named else {}


def is_mark(name: str, header: Sequence[str]) -> bool:
    """Whether a column of an app's export has a person's marks, so that a row without one isn't pending."""
    if plain_header(name) not in _MARKS:
        return False
    if _BOTH_SIDES.issubset(map(plain_header, header)):
        return True
    has_account = any(rank_role(one, "account") >= WHOLE_NAME for one in header)
    return has_account and any(rank_columns(one, Column.CATEGORY) >= WHOLE_NAME for one in header)


def is_decoration(name: str) -> bool:
    """Whether a column only says how an app draws something."""
    return plain_header(name) in _DECORATIONS


def with_own_sides(table: Table) -> Table:
    """The table with a further column that names the person's account, if it names the accounts on both sides.

    Any other table stays as it is. A transfer's amount gets a minus, because it left that account.
    """
    names = [*map(plain_header, table.header)]
    if not _BOTH_SIDES.issubset(names):
        return table
    type_at, amount_at, source_at, destination_at = map(names.index, (_TYPE, _AMOUNT, _SOURCE, _DESTINATION))
    rows = []
    for row in table.rows:
        amount = row[amount_at]
        if is_exactly(row[type_at], "moving") and not is_negative(amount):
            amount = f"-{amount}"
        own = row[source_at if is_negative(amount) else destination_at]
        rows.append((*row[:amount_at], amount, *row[amount_at + 1 :], own))
    return replace(table, header=(*table.header, "Account"), rows=tuple(rows))


def without_split_sums(table: Table) -> Table:
    """The table without the sums of transactions whose parts are rows of their own, which have an amount of zero."""
    names = [*map(plain_header, table.header)]
    if not {_SPLIT, _AMOUNT}.issubset(names):
        return table
    split_at, amount_at = names.index(_SPLIT), names.index(_AMOUNT)
    kept = [at for at, row in enumerate(table.rows) if is_zero(row[split_at]) or not is_zero(row[amount_at])]
    return replace(table, rows=tuple(table.rows[at] for at in kept), lines=tuple(table.lines[at] for at in kept))

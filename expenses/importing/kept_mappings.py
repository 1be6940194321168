"""Remembers how a person read a file, for the next file of the same shape.

A shape is made of the columns' names and order, the notation of days, the account that the file names, and the sign of
money spent if the cells prove it; without names, also of the places of days, titles and money. So a bank and its card
with equal headers have shapes of their own. What was kept isn't used where it reads a file worse than a fresh guess.
"""

import json
import re
from collections import Counter
from dataclasses import dataclass, replace

from expenses.importing.accounts import AccountSource, account_key, guess_account
from expenses.importing.choices import Choices
from expenses.importing.fingerprints import keyed_hash
from expenses.models import ColumnMapping
from expenses.models.documents import DraftTable
from expenses.models.ledger import Ledger
from expenses.statements import apply_mapping, needed_columns
from expenses.statements.days import read_day
from expenses.statements.guess import guess
from expenses.statements.long_files import LongFile
from expenses.statements.notation import decimal_votes, is_negative, is_zero
from expenses.statements.statement import MONEY, Column, DateOrder, Entry, Mapping, Reading, Sign, Table

# This many amounts without any minus prove that money spent has no sign.
_MANY = 5
# The rows that kept and fresh mappings are compared in, and those in which the account is searched.
_SAMPLE, _FEW = 500, 200
_MOST_LABELS = 20


@dataclass(frozen=True)
class Shape:
    """What identifies tables like one. base: a hash. sign: of money spent if the cells prove it, else ""."""

    base: str
    sign: str

    def key(self, sign: str) -> str:
        return keyed_hash("shape", self.base, self.sign or sign)


@dataclass(frozen=True)
class DraftStart:
    """What a draft starts with.

    shape: None for a file that is not a table. guessed: the account, before any choice. labels: the accounts that files
    of this shape came from.
    """

    choices: Choices
    shape: Shape | None = None
    guessed: str = ""
    labels: tuple[str, ...] = ()


def start_of_draft(ledger: Ledger, read: Table | Reading | LongFile, name: str) -> DraftStart:
    """The choices for a file: the person's earlier ones for its shape if they fit, else a guess.

    name: of the file, which may tell the account.
    """
    if not isinstance(read, Table):
        accounts = read.accounts if isinstance(read, LongFile) else (entry.account for entry in read.entries)
        account, source = guess_account(accounts, name)
        return DraftStart(Choices(None, account, source=source))
    fresh = guess(read, ledger.home_currency)
    entries = () if needed_columns(fresh.mapping) else apply_mapping(_beginning(read, _FEW), fresh.mapping).entries
    account, source = guess_account((entry.account for entry in entries), name)
    choices = Choices(fresh.mapping, account, fresh.asks, source, read.sheet)
    shape = _shape_of(read, choices, entries)
    kept = _find(ledger, read, shape, choices)
    if len(kept) == 1:
        choices = _with_kept(choices, kept[0], shape)
    elif kept:
        choices = replace(choices, asks=choices.asks | {"sign": _turned(fresh.mapping)})
    labels = {label: None for one in kept for _guessed, label in _labels_of(one) if label}
    return DraftStart(choices, shape, account, tuple(labels))


def _shape_of(table: Table, fresh: Choices, entries: tuple[Entry, ...]) -> Shape:
    mapping = fresh.mapping_of(table)
    places = [mapping.columns.get(column) for column in (Column.DATE, Column.TITLE, *MONEY)]
    days = next(iter(_cells_of(table, mapping, Column.DATE)), "")
    notation = "words" if any(map(str.isalpha, days)) else re.sub(r"\d+", "9", days)
    accounts = {account_key(entry.account) for entry in entries} - {""}
    account = accounts.pop() if len(accounts) == 1 else ""
    base = json.dumps([table.header, [] if any(table.header) else places, notation, account])
    amounts = _cells_of(table, mapping, Column.AMOUNT)
    is_proven = "sign" not in fresh.asks and (len(amounts) >= _MANY or any(map(is_negative, amounts)))
    return Shape(keyed_hash("shape", base), mapping.sign.value if is_proven or not amounts else "")


def _find(ledger: Ledger, table: Table, shape: Shape, fresh: Choices) -> list[ColumnMapping]:
    """What was kept for the shape, or by the last release for the header, unless a fresh guess reads the table better.

    If the cells don't prove the sign, there may be one for each.
    """
    keys = {shape.key(sign.value) for sign in Sign}
    mine = ColumnMapping.objects.of(ledger)
    found = list(mine.filter(header__in=keys)) or list(mine.filter(header=header_key(table)))
    return [one for one in found if _is_usable(one, table, shape, fresh, is_old=one.header not in keys)]


def _is_usable(kept: ColumnMapping, table: Table, shape: Shape, fresh: Choices, *, is_old: bool) -> bool:
    """Whether what was kept reads the table as well as a guess. is_old: whether it was kept for the header alone."""
    mapping = Choices.of(kept.choices).mapping
    if mapping is None or _reads_worse(table, mapping, fresh.mapping_of(table)):
        return False
    return not is_old or (any(table.header) and shape.sign in ("", mapping.sign))


def _turned(mapping: Mapping) -> Mapping:
    return replace(mapping, sign=next(sign for sign in Sign if sign != mapping.sign))


def _with_kept(fresh: Choices, kept: ColumnMapping, shape: Shape) -> Choices:
    """The kept choices. Asks about the sign where the cells don't prove it and a fresh guess is another one.

    The account that was chosen for what the file tells is used, if it was always the same.
    """
    choices = Choices.of(kept.choices)
    asks = {name: other for name, other in fresh.asks.items() if name == "year"}
    mapping, guess = choices.mapping, fresh.mapping
    if mapping and guess and not shape.sign and "sign" not in fresh.asks and guess.sign != mapping.sign:
        asks["sign"] = replace(mapping, sign=guess.sign)
    labels = {label for guessed, label in _labels_of(kept) if guessed == fresh.account}
    if len(labels) != 1:
        return replace(fresh, mapping=mapping, asks=asks)
    account = labels.pop()
    is_other = fresh.source == AccountSource.NAME and account != fresh.account
    source = AccountSource.PERSON if is_other else fresh.source
    return replace(fresh, mapping=mapping, asks=asks, account=account, source=source)


def _labels_of(kept: ColumnMapping) -> list[list[str]]:
    """What the files tell about their accounts, and the accounts that were chosen for it, the last ones at the end."""
    choices = kept.choices if isinstance(kept.choices, dict) else {}
    pairs = choices.get("labels")
    pairs = pairs if isinstance(pairs, list) else [[choices.get("guessed", ""), choices.get("account", "")]]
    return [pair for pair in pairs if isinstance(pair, list) and [*map(type, pair)] == [str, str]]


def _reads_worse(table: Table, kept: Mapping, fresh: Mapping) -> bool:
    """Whether a kept mapping reads the beginning of a table worse than a fresh guess."""
    if any(place >= len(table.header) for place in kept.columns.values()):
        return True
    if needed_columns(fresh) or needed_columns(kept):
        return bool(needed_columns(kept))
    sample = _beginning(table, _SAMPLE)
    days = Counter(
        order for order in DateOrder for cell in _cells_of(sample, kept, Column.DATE) if read_day(cell, order)
    )
    cells = [cell for column in MONEY for cell in _cells_of(sample, kept, column)]
    votes = Counter(map(decimal_votes, cells))
    if days[kept.date_order] < days[fresh.date_order] or votes[kept.decimal] < votes[fresh.decimal]:
        return True
    before, now = apply_mapping(sample, kept), apply_mapping(sample, fresh)
    is_off = before.gap is not None and bool(before.gap) and now.gap == 0
    return is_off or len(before.problems) > len(now.problems)


def _cells_of(table: Table, mapping: Mapping, column: Column) -> list[str]:
    """The filled cells of a column in the first rows, without zeros; empty if the mapping doesn't use it."""
    if column not in mapping.columns:
        return []
    cells = (row[mapping.columns[column]] for row in table.rows[:_SAMPLE])
    return [cell for cell in cells if cell and (column == Column.DATE or not is_zero(cell))]


def _beginning(table: Table, most: int) -> Table:
    return replace(table, rows=table.rows[:most], lines=table.lines[:most], others=())


def keep_mapping(ledger: Ledger, table: DraftTable, choices: Choices) -> None:
    """Store the choices for the next table of this shape. table: what its draft keeps."""
    if choices.mapping is None or "shape" not in table:
        return
    key = Shape(*table["shape"]).key(choices.mapping.sign.value)
    mapping = replace(choices.mapping, years_back=0)
    mine = ColumnMapping.objects.of(ledger)
    pair, before = [table["guessed"], choices.account], mine.filter(header=key).first()
    others = [one for one in _labels_of(before) if one != pair] if before else []
    labels = [*others, pair][-_MOST_LABELS:]
    stored = replace(choices, mapping=mapping, asks={}, sheet="").stored() | {"guessed": pair[0], "labels": labels}
    ColumnMapping.objects.keep(ledger.id, key, stored)
    mine.filter(header=table["header"]).delete()


def header_key(table: Table) -> str:
    """A hash of the names of the columns, under which the last release kept mappings."""
    return keyed_hash("header", json.dumps(table.header))

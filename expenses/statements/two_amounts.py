"""Splits cells with an amount in two currencies, such as "12.50 EUR (13.60 USD)", into columns of their own."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from expenses.money.words import USUAL, normal_word
from expenses.statements.notation import is_number
from expenses.statements.profile import MOST
from expenses.statements.statement import Table

_PAIR = re.compile(r"([^()\[\]/|]+?)\s*(?:[(\[]\s*([^()\[\]/|]+?)\s*[)\]]|\s[/|]\s+([^()\[\]/|]+?))")
_NO_SIGN = re.compile(r"[\d.,'’+\-\u2212\s\xa0\u202f]+")
_MAY_BE_PAIR = re.compile(r"\d.*[(\[/|].*\d")
_LONGEST = 60
# The rows in which pairs are searched first, because most tables have none.
_LOOKED_AT = 500
_NAMES = "original amount", "original currency"


class _Amounts(NamedTuple):
    """The two amounts of a cell, and the currency sign of each."""

    texts: tuple[str, str]
    signs: tuple[str, str]


def with_one_amount(table: Table) -> Table:
    """The table with only the amounts of the account's currency, and the others in two further columns.

    The account's currency is the one that most cells of the column have.
    """
    place = next((at for at in range(len(table.header)) if _has_pairs(table.rows[:_LOOKED_AT], at)), None)
    if place is None:
        return table
    pairs = [_pair(row[place]) for row in table.rows]
    home = _home(table.rows, place, pairs)
    rows = [_row(row, place, pair, home) for row, pair in zip(table.rows, pairs, strict=True)]
    return replace(table, header=(*table.header, *_NAMES), rows=tuple(rows))


def _row(row: tuple[str, ...], place: int, pair: _Amounts | None, home: str) -> tuple[str, ...]:
    if pair is None:
        return (*row, "", "")
    mine = 1 if pair.signs[1] == home else 0
    other = pair.signs[1 - mine]
    code = USUAL.get(normal_word(other), other)
    return (*row[:place], pair.texts[mine], *row[place + 1 :], pair.texts[1 - mine].replace(other, "").strip(), code)


def _has_pairs(rows: Sequence[Sequence[str]], place: int) -> bool:
    """Whether a column has cells with two amounts, and hardly anything but amounts."""
    filled = [row[place] for row in rows if row[place]]
    if not any(_pair(cell) for cell in filled):
        return False
    return sum(bool(_pair(cell)) or is_number(cell) for cell in filled) >= len(filled) * MOST


def _pair(cell: str) -> _Amounts | None:
    """The two amounts in a cell; None if it has another number of them, or one without a sign of its currency."""
    found = _PAIR.fullmatch(cell) if len(cell) <= _LONGEST and _MAY_BE_PAIR.search(cell) else None
    if not found:
        return None
    texts = found[1].strip(), (found[2] or found[3]).strip()
    signs = _sign(texts[0]), _sign(texts[1])
    return _Amounts(texts, signs) if all(map(is_number, texts)) and all(signs) and signs[0] != signs[1] else None


def _sign(text: str) -> str:
    return _NO_SIGN.sub("", text)


def _home(rows: Sequence[Sequence[str]], place: int, pairs: Sequence[_Amounts | None]) -> str:
    """The sign of a currency that most cells have, of the first amount if both are as frequent."""
    signs = Counter(sign for pair in pairs if pair for sign in pair.signs)
    signs.update(_sign(row[place]) for row, pair in zip(rows, pairs, strict=True) if not pair and row[place])
    return max(signs, key=lambda sign: signs[sign])

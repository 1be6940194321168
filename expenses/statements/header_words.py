"""Ranks how well column names say what a column holds."""

import re
from collections.abc import Sequence
from functools import lru_cache

from expenses.money import EUR
from expenses.money.codes import KNOWN
from expenses.money.words import ALSO_WORDS, USUAL, WORDS, normal_word
from expenses.statements.plain_words import ends_of, known_parts, parts_of, plain_header
from expenses.statements.statement import Column
from expenses.statements.vocabulary import CELLS, HEADERS

ROLES: dict[Column, tuple[str, ...]] = {
    Column.DATE: ("date 1", "date 2", "date 3"),
    Column.TITLE: ("title 1", "title 2", "title 3"),
    Column.AMOUNT: ("amount 1",),
    Column.MONEY_OUT: ("out 1",),
    Column.MONEY_IN: ("in 1",),
    Column.CURRENCY: ("currency 1",),
    Column.CATEGORY: ("category 1",),
    Column.NOTE: ("note 1",),
}
# The lowest rank of a header that matches a name exactly, and of one that contains it.
WHOLE_NAME, CONTAINED, _COMPOUND = 500, 300, 100
_PER_ROLE = 100
_NAMES = frozenset().union(*HEADERS.values())
_DAY_NAMES = frozenset().union(*(HEADERS[role] for role in ROLES[Column.DATE]))
# "Importo in euro", "Montant(EUROS)"
_EUROS = re.compile(r"\b(?:euros?|евро|ευρώ|ευρω)\b", re.IGNORECASE)
# "Empfaenger" for "Empfänger"
_TWO_LETTERS = re.compile(r"([aou])e")
_AFTER = re.compile(r"[\d\s./:-]+$|\s+'.*$")


def rank_columns(header: str, column: Column) -> int:
    """Rank how well a header names a column: 0 for not at all, higher is better, exact matches first."""
    return rank_role(header, *ROLES[column])


@lru_cache(maxsize=20_000)
def rank_role(header: str, *roles: str) -> int:
    """Rank how well a header names one of several roles, the preferred ones first."""
    name = _known_name(header)
    if not name:
        return 0
    for number, role in enumerate(roles):
        if name in HEADERS[role]:
            return WHOLE_NAME + (len(roles) - number) * _PER_ROLE - min(HEADERS[role][name], _PER_ROLE - 1)
    parts, ends = _known_parts(header)
    for found, rank in ((parts, CONTAINED), (ends, _COMPOUND)):
        lengths = [len(part) for part in found if any(part in HEADERS[role] for role in roles)]
        if lengths:
            return rank + min(max(lengths), _PER_ROLE)
    return 0


@lru_cache(maxsize=20_000)
def _known_parts(header: str) -> tuple[list[str], list[str]]:
    """The parts of a header and the ends of its words that name a column of any role."""
    name = _known_name(header)
    parts = [*known_parts(name, _NAMES), *(part for part in _in_brackets(header) if part in _NAMES)]
    ends = [part for part in ends_of(name) if part in _NAMES]
    return [part for part in parts if len(part) > 2 or not part.isascii()], ends


def _known_name(header: str) -> str:
    """A plain name; one that has no known words, with two letters read as one with dots if it has some then.

    Names for either side are known in both orders: "Payer/Payee".
    """
    name = plain_header(header)
    swapped = "/".join(reversed(name.split("/")))
    if name not in _NAMES and swapped in _NAMES:
        return swapped
    if name in _NAMES or not _TWO_LETTERS.search(name) or any(known_parts(name, _NAMES)):
        return name
    other = _TWO_LETTERS.sub(r"\1", name)
    return other if other in _NAMES or any(known_parts(other, _NAMES)) else name


def is_day_name(header: str) -> bool:
    """Whether a header is exactly a name of days."""
    return plain_header(header) in _DAY_NAMES


def _in_brackets(header: str) -> list[str]:
    """The parts of the text in a name's brackets, such as "Amount (debit)"."""
    return [part for text in re.findall(r"[(\[（](.*?)[)\]）]", header) for part in parts_of(plain_header(text))]


def is_original(header: str) -> bool:
    """Whether a header names an amount before its conversion into the account's currency."""
    name = plain_header(re.sub(r"[()\[\]]", " ", header))
    parts = [*parts_of(name), *(word[:length] for word in name.split() for length in range(6, len(word)))]
    if any(part in HEADERS["own currency"] for part in parts):
        return False
    return any(part in HEADERS["original"] for part in parts)


def is_no_amount(header: str) -> bool:
    """Whether a header names a number that isn't spent, such as a balance or an exchange rate."""
    if _is_fee_of(header):
        return True
    other = rank_role(header, "balance", "fee", "not spent")
    return other > max(rank_role(header, "amount 1"), rank_role(header, "out 1"), rank_role(header, "in 1"))


def _is_fee_of(header: str) -> bool:
    """Whether a header names the amount of a fee, as "Betrag der Ausgangsgebühr". "Amount after fees" names none."""
    words = plain_header(header).split(" ")
    return bool(rank_role(words[-1], "fee")) and len(words) > 1 and CELLS["beside fees"].isdisjoint(words)


def is_footer_name(text: str) -> bool:
    """Whether a text is exactly a name for totals or balances."""
    return plain_header(text) in CELLS["total"]


@lru_cache(maxsize=20_000)
def is_balance_name(text: str) -> bool:
    """Whether a text is a name for balances, possibly with a date or a quoted account after it.

    Not "Total", which may be a shop.
    """
    name = _AFTER.sub("", plain_header(text))
    return name in CELLS["total"] and name not in CELLS["sum"]


@lru_cache(maxsize=20_000)
def is_footer_text(text: str) -> bool:
    """Whether a text begins with a name for totals or balances."""
    words = plain_header(text).split(" ")
    return any(" ".join(words[:count]) in CELLS["total"] for count in range(1, len(words) + 1))


def begins_with_footer(row: Sequence[str]) -> bool:
    """Whether a row begins with a name for totals or balances."""
    return is_footer_text(next(filter(None, row), ""))


@lru_cache(maxsize=1000)
def currency_named(header: str, home: str) -> str:
    """The currency in a column name such as `Amount (EUR)`; "" if there is none. home: decides which dollar `$` is."""
    if _EUROS.search(header):
        return EUR
    for word in re.split(r"[\s()\[\]/:_（）]+", header):
        for known in (word, word.removesuffix("$")):
            if known in KNOWN and (known == home or known.lower() not in ALSO_WORDS):
                return known
        sign = normal_word(word.removeprefix("ב"))
        found = WORDS.get(sign) if word == word.upper() else None
        if found:
            return home if home in found else USUAL.get(sign, min(found))
    return ""

"""Reads the notations of numbers in files."""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from expenses.money.words import normal_word
from expenses.statements.digits import ascii_digits
from expenses.statements.plain_words import plain_header
from expenses.statements.vocabulary import ALL_MONEY_WORDS, CELLS

_NUMBER = re.compile(r"[-+(]?\s*\d[\d.,'’٬٫\s\xa0\u202f]*[-)]?")
_USUAL = re.compile(r"-?\d[\d.,]*")
_OTHER_SEPARATOR = {".": ",", ",": "."}
_MONEY_SIGNS = re.compile(r"^[^\d]{0,6}|[^\d]{0,6}$")
# "12.50 Debit", "Credit: 12.50", "12.50 (Haben)"
_WORD_BEHIND = re.compile(r"(.*\d[^\w\s(]?)\s*\(?([^\W\d_]{2,14})\)?\.?")
_WORD_BEFORE = re.compile(r"\(?([^\W\d_]{2,14})\)?\s*[.:]?\s*(\D?\d.*)")
_SHORT_WORD = 3
_CREDIT_OR_DEBIT = re.compile(r"(?<![^\W\d_])(CR|DR|CT|DT)\.?$|(?<=[\d\s])([CDHS])\.?$", re.IGNORECASE)
_DASH = re.compile(r"[\-\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d]")
_MINUS = re.compile(rf"\(|{_DASH.pattern}")
# The text before the first digit, and after the last one.
_AROUND = re.compile(r"(\D*)(?:.*\d)?(\D*)", re.DOTALL)
# As in "58,-".
_NO_CENTS = re.compile(r"[.,]-{1,2}\s?\D*")
_LONGEST = 60
# More letters than a code and a mark have aren't part of a number.
_MOST_LETTERS = 4
# An amount, and what is before its first and behind its last digit.
_BESIDE = re.compile(r"(\D*)(\d(?:.*\d)?)(\D*)", re.DOTALL)
_SIGNS = "-+()\u2212 \xa0\u202f"
# A word with a dot before a number, which is no decimal point: "Rs. 124".
_DOT_BEFORE = re.compile(r"^.*?[^\W\d_]\s*\.\s*(?=\d)|^[^\d.,]+|\D+$")
_NOT_ZERO = re.compile(r"[1-9]")
_LAST_DIGITS = re.compile(r"[.,](\d+)\D*$")
_LONG_WHOLE = re.compile(r"\d{4,}[.,]\d{3}(?!\d)")
_NO_DIGIT = re.compile(r"\D")


@lru_cache(maxsize=20_000)
def is_number(text: str) -> bool:
    """Whether a cell is a number, possibly with a currency symbol. A date is not a number."""
    text = credit_or_debit(text)[0]
    bare = _MONEY_SIGNS.sub("", ascii_digits(text))
    if sum(map(str.isalpha, text)) > _MOST_LETTERS and (number := without_money_word(text, ALL_MONEY_WORDS)) != text:
        return is_number(number)
    return bool(_NUMBER.fullmatch(bare)) and sum(map(str.isalpha, text)) <= _MOST_LETTERS


def without_money_word(text: str, words: frozenset[str]) -> str:
    """An amount without a word for its currency before or behind it, such as тенге.

    words: as `normal_word` returns them.
    """
    found = _BESIDE.fullmatch(text[:_LONGEST])
    if not found:
        return text
    before, number, after = found.groups()
    kept = [part if normal_word(part.strip(_SIGNS)) not in words else _no_words(part) for part in (before, after)]
    return f"{kept[0]}{number}{kept[1]}".strip() if kept != [before, after] else text


def _no_words(part: str) -> str:
    """The minus, plus and brackets of a text."""
    return "".join(char for char in part if char in _SIGNS.strip())


def is_zero(text: str) -> bool:
    """Whether a cell means no money: empty, a dash, or zero."""
    return not _NOT_ZERO.search(ascii_digits(text))


def is_negative(text: str) -> bool:
    """Whether an amount has a minus before or after it, or is in brackets as accountants write it."""
    around = _AROUND.fullmatch(text[:60]) if _MINUS.search(text) else None
    if not around:
        return False
    before, after = around.groups()
    return bool(_MINUS.search(before) or (_DASH.search(after) and not _NO_CENTS.fullmatch(after)))


def without_minus(text: str) -> str:
    """An amount without the minus or the brackets that `is_negative` sees."""
    return _DASH.sub("", text).strip("() ") if is_negative(text) else text


def credit_or_debit(text: str) -> tuple[str, str]:
    """Split an amount from CR, DR, H or S after it, or a word such as Debit beside it: ("12.50", "CR").

    The second is "" if there is none.
    """
    if not text[-1:].isdecimal() and (mark := _CREDIT_OR_DEBIT.search(text)):
        return text[: mark.start()].strip(), "CR" if (mark[1] or mark[2])[0].upper() in "CH" else "DR"
    return _without_word(text)


def _without_word(text: str) -> tuple[str, str]:
    """Split an amount from a word such as Debit before or after it."""
    if len(text) > _LONGEST or (text[-1:].isdecimal() and not text[:1].isalpha() and text[:1] != "("):
        return text, ""
    if found := _WORD_BEHIND.fullmatch(text):
        number, word = found.groups()
    elif found := _WORD_BEFORE.fullmatch(text):
        word, number = found.groups()
    else:
        return text, ""
    name = plain_header(word)
    if len(name) <= _SHORT_WORD and name.isascii():  # "kr" and the like are currencies
        return text, ""
    if name in CELLS["out"]:
        return number, "DR"
    return (number, "CR") if name in CELLS["in"] else (text, "")


@lru_cache(maxsize=50_000)
def read_number(text: str, decimal: str) -> Decimal | None:
    """Read the number in a cell, with its sign; None if there is none. decimal: "." or ","."""
    plain = ascii_digits(text)
    if len(plain) > 40 or not (_USUAL.fullmatch(plain) or is_number(plain)):
        return None
    whole, point, fraction = _DOT_BEFORE.sub("", plain).rpartition(decimal)
    digits = _NO_DIGIT.sub("", whole), _NO_DIGIT.sub("", fraction)
    number = Decimal(f"{digits[0] or 0}.{digits[1] or 0}") if point else Decimal(digits[1] or 0)
    return -number if is_negative(plain) else number


def decimal_votes(text: str) -> str:
    """The decimal separator that an amount shows; "" if it shows none.

    One or two digits after a separator make it decimal, and so does a different separator before it. A repeated
    separator groups thousands, so the other one is decimal. Three digits after a single separator show nothing, except
    after more than three digits: 8742.300 groups no thousands.
    """
    text = _without_dots_of_words(text)
    last = _LAST_DIGITS.search(text)
    if not last:
        return ""
    separators = [char for char in text if char in ".,"]
    if len(set(separators)) == 2:
        return last[0][0]
    if len(separators) > 1:
        return _OTHER_SEPARATOR[last[0][0]] if len(last[1]) == 3 else ""
    return "" if len(last[1]) == 3 and not _LONG_WHOLE.search(text) else last[0][0]


def _without_dots_of_words(text: str) -> str:
    """An amount without what is before its first and behind its last digit, such as "Rs."."""
    return text if text[:1].isdecimal() and text[-1:].isdecimal() else _DOT_BEFORE.sub("", text)


def only_separator(text: str) -> str:
    """The only separator of a number if three digits follow it, so that it may group thousands; else ""."""
    found = re.search(r"^[^.,]*([.,])\d{3}(?!\d)[^.,]*$", _without_dots_of_words(text))
    return found[1] if found else ""


def has_digits(text: str) -> bool:
    return any(map(str.isdecimal, text))


def say_zero(cells: Sequence[str]) -> bool:
    """Whether the cells are zeros or empty, and not all are empty."""
    return any(map(has_digits, cells)) and all(map(says_no_money, cells))


def says_no_money(text: str) -> bool:
    """Whether a cell says that there is no money, instead of something unreadable."""
    return is_zero(text) and (has_digits(text) or not any(map(str.isalpha, text)))

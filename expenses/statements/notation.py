"""Reads the notations of dates and numbers in files."""

import re
import unicodedata
from datetime import date
from functools import lru_cache

from babel.dates import get_month_names

from expenses.statements.statement import DateOrder

LANGUAGES = ("en", "he", "de", "fr", "es", "it", "nl", "pt", "pl", "ru", "cs", "sv", "da", "nb", "fi", "tr", "el", "ar")
_ORDERS = {DateOrder.YEAR_FIRST: (0, 1, 2), DateOrder.DAY_FIRST: (2, 1, 0), DateOrder.MONTH_FIRST: (2, 0, 1)}
_TIME = r"(?:[T ,]+\d{1,2}[:.]\d{2}.*)?"
PARTS = re.compile(r"(\d{1,4})\s*[-/.\s\u2010-\u2015]\s*(\d{1,2})\s*[-/.\s\u2010-\u2015]\s*(\d{1,4})\.?" + _TIME)
_DIGITS = re.compile(r"(\d{8})(?:\d{4,6})?(?:[.\[].*)?" + _TIME)
_NAMED = re.compile(  # "20 Aug 2026", "20. August 2026", "20 de agosto de 2026", "Thu, Aug 20th, 2026"
    r"""(?:[^\W\d_]+\.?,\s*)?
    (?:(\d{1,2})(?:st|nd|rd|th|er|º)?\.?[\s-]*(?:de\s+)?([^\W\d_]+)\.?,? | ([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?)
    [\s-]*(?:de\s+)?(\d{2,4})\.?"""
    + _TIME.replace(" ", "[ ]"),
    re.VERBOSE,
)
NUMBER = re.compile(r"[-+(]?\s*\d[\d.,'’\s\xa0\u202f]*[-)]?")
_OTHER_SEPARATOR = {".": ",", ",": "."}
_MONEY_SIGNS = re.compile(r"^[^\d]{0,5}|[^\d]{0,5}$")


def read_day(text: str, order: DateOrder) -> date | None:
    """Read the date in a cell, ignoring a time after it. None if there is no date in this order.

    A four-digit year is recognised in either place; `order` decides whether day or month comes first.
    """
    return _read_day(text.strip(), order)


@lru_cache(maxsize=20_000)
def _read_day(text: str, order: DateOrder) -> date | None:
    text = ascii_digits(text)
    if len(text) > 40 or not text[:1].isalnum():
        return None
    try:
        if found := PARTS.fullmatch(text):
            return _by_order(found.groups(), order)
        if found := _DIGITS.fullmatch(text):
            return _run_together(found[1], order)
        if (found := _NAMED.fullmatch(text)) and (month := _month_names().get((found[2] or found[3]).casefold())):
            return date(_full_year(found[5]), month, int(found[1] or found[4]))
    except ValueError:
        return None
    return None


def _by_order(parts: tuple[str, ...], order: DateOrder) -> date | None:
    if len(parts[0]) > 2:
        order = DateOrder.YEAR_FIRST
    elif len(parts[2]) > 2 and order == DateOrder.YEAR_FIRST:
        return None
    year, month, day = (parts[place] for place in _ORDERS[order])
    return date(_full_year(year), int(month), int(day))


def _run_together(digits: str, order: DateOrder) -> date:
    if order == DateOrder.YEAR_FIRST or (digits[:2] in ("19", "20") and 1 <= int(digits[4:6]) <= 12):
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    first, second = int(digits[:2]), int(digits[2:4])
    day, month = (first, second) if order == DateOrder.DAY_FIRST else (second, first)
    return date(int(digits[4:]), month, day)


def _full_year(text: str) -> int:
    if len(text) == 3:
        raise ValueError(text)
    year = int(text)
    return year if len(text) == 4 else year + (1900 if year >= 90 else 2000)


def looks_like_day(text: str) -> bool:
    return any(read_day(text, order) for order in DateOrder)


@lru_cache(maxsize=1)
def _month_names() -> dict[str, int]:
    """Map month names, full and abbreviated, in all LANGUAGES to month numbers."""
    names: dict[str, int] = {"sept": 9}
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, language).items():
                    names.setdefault(name.casefold().strip("."), number)
    return {form: number for name, number in names.items() for form in (name, f"ב{name}")}


def ascii_digits(text: str) -> str:
    """Replace digits of any script by ASCII digits, and remove direction marks."""
    if text.isascii():
        return text
    visible = (char for char in text if unicodedata.category(char) != "Cf")
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in visible)


def is_number(text: str) -> bool:
    """Whether a cell is a number, possibly with a currency symbol. A date is not a number."""
    bare = _MONEY_SIGNS.sub("", ascii_digits(text))
    return bool(NUMBER.fullmatch(bare)) and sum(map(str.isalpha, text)) <= 4


def is_zero(text: str) -> bool:
    """Whether a cell means no money: empty, a dash, or zero."""
    return not any(char.isdecimal() and char != "0" for char in ascii_digits(text))


def is_negative(text: str) -> bool:
    """Whether an amount has a minus before or after it, or is in brackets as accountants write it."""
    return any(sign in text[:4] for sign in "-\u2212(") or text.endswith("-")


def decimal_votes(text: str) -> str:
    """The decimal separator that an amount shows; "" if it shows none.

    One or two digits after a separator make it decimal, and so does a different separator before it. A repeated
    separator groups thousands, so the other one is decimal. Three digits after a single separator show nothing.
    """
    separators = [char for char in text if char in ".,"]
    last = re.search(r"[.,](\d+)\D*$", text)
    if not last:
        return ""
    if len(set(separators)) == 2:
        return last[0][0]
    if len(separators) > 1:
        return _OTHER_SEPARATOR[last[0][0]] if len(last[1]) == 3 else ""
    return "" if len(last[1]) == 3 else last[0][0]


def only_separator(text: str) -> str:
    """The only separator of a number if three digits follow it, so that it may group thousands; else ""."""
    found = re.search(r"^[^.,]*([.,])\d{3}(?!\d)[^.,]*$", text)
    return found[1] if found else ""

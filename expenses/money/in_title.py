"""An amount that was typed into the title: `Taxi home 58` -> `Taxi home` and 58."""

import re
import unicodedata
from typing import NamedTuple

from django.utils.translation import gettext

from expenses.money.amounts import AmountError, ParsedAmount, parse_amount
from expenses.money.codes import KNOWN
from expenses.money.words import WORDS, normal_word

_JOINTS = " -–—:;,=·|"
_GROUPED = re.compile(r"\d{1,3}")
_GOES_ON = re.compile(r"\d{3}(?!\d)")


class TitleAndAmount(NamedTuple):
    """The title without the amount that stood in it, and that amount."""

    title: str
    parsed: ParsedAmount


def split_title(text: str, default_currency: str | None = None, locale: str | None = None) -> TitleAndAmount | None:
    """Take the amount off the end of a title, or off its beginning if it names a currency there (`58 ILS taxi`).

    `7 eleven` begins with a number that is part of a name, so that stays. None where there is no amount, or nothing
    but one. Raises AmountError for a number at the end that is no usable amount, and where two readings compete.
    """
    words = text.split()
    last = _at_end(words, default_currency, locale)
    first = _at_start(words, default_currency, locale)
    if last and first:
        raise AmountError(gettext("The title has two amounts. Write the right one here."))
    found = last or first
    if found is None and len(words) > 1 and _is_number(words[-1]) and _has_letter(" ".join(words[:-1])):
        parse_amount(words[-1], default_currency, locale)  # says what is wrong with it
    return found


def _at_end(words: list[str], default: str | None, locale: str | None) -> TitleAndAmount | None:
    for size in (2, 1):
        rest, tail = words[:-size], words[-size:]
        parsed = _read(tail, default, locale)
        title = " ".join(rest).rstrip(_JOINTS)
        if parsed and _has_letter(title):
            if _GROUPED.fullmatch(rest[-1]) and _GOES_ON.match(_digits_of(tail)):
                raise AmountError(gettext("The number in the title can be read in two ways. Write the amount here."))
            return TitleAndAmount(title, parsed)
    return None


def _at_start(words: list[str], default: str | None, locale: str | None) -> TitleAndAmount | None:
    for size in (2, 1):
        parsed = _read(words[:size], default, locale)
        title = " ".join(words[size:]).lstrip(_JOINTS)
        if parsed and parsed.currency and _has_letter(title) and _names_currency(" ".join(words[:size]), default):
            return TitleAndAmount(title, parsed)
    return None


def _read(words: list[str], default: str | None, locale: str | None) -> ParsedAmount | None:
    """The amount that one or two words are: one of them the number, the other at most its currency."""
    if sum(any(map(str.isdecimal, word)) for word in words) != 1 or "(" in "".join(words):
        return None
    if len(words) == 2 and (words[0] in "-+" or words[1] in "-+"):
        return None
    if not _names_currency(re.split(r"\d", " ".join(words), maxsplit=1)[0], default):
        return None
    try:
        return parse_amount(" ".join(words), default, locale)
    except AmountError:
        return None


def _names_currency(text: str, default: str | None) -> bool:
    """Whether the text around a number is a currency beyond doubt: `TRY` is one, `try` a word (`lessons to try`)."""
    written = re.sub(r"[\d.,'+\s-]", "", text)
    word = normal_word(written)
    if not word or any(unicodedata.category(char) == "Sc" for char in word) or written in KNOWN:
        return True
    return word.upper() == default or (word in WORDS and (len(word) > 1 or default in WORDS[word]))


def _is_number(word: str) -> bool:
    return any(map(str.isdecimal, word)) and not _has_letter(word)


def _digits_of(words: list[str]) -> str:
    return next(word for word in words if any(map(str.isdecimal, word)))


def _has_letter(text: str) -> bool:
    return any(unicodedata.category(char).startswith("L") for char in text)

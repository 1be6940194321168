"""Find an amount typed into a title: `Taxi home 58` -> `Taxi home` and 58, `Milk 3*4.50` -> `Milk` and 13.50."""

import re
import unicodedata
from typing import NamedTuple

from django.utils.translation import gettext

from expenses.money.calculation import is_sum, parse_typed_amount
from expenses.money.codes import KNOWN
from expenses.money.errors import AmountError, SharedNameError, UnknownCurrencyError
from expenses.money.iso4217 import NOT_CURRENCIES
from expenses.money.names import codes_named
from expenses.money.parsing import ParsedAmount, parse_amount, plain_text
from expenses.money.words import ALSO_WORDS, WORDS, normal_word

_JOINTS = " -–—:;,=·|"
_GROUPED = re.compile(r"\d{1,3}")
_GOES_ON = re.compile(r"\d{3}(?!\d)")
_NUMBER_AND_CODE = re.compile(r"([-+]?[\d.,']*\d)([A-Za-z]{3,4})")
# A number with its currency: "100 Ukrainian hryvnias".
_MOST_WORDS = 4

# A dash with a space beside it separates the amount from the title: "Bus 5 - 12". A slash may do that, too.
_SEPARATED = re.compile(r"\s-|-\s")
_MAYBE_SEPARATED = re.compile(r"\s/|/\s")
# Between amounts with currencies, these make a sum that FinBrain doesn't calculate: "10 USD + 5 EUR".
_OPERATORS = "+*/×÷"
# Also a day, such as 24/12, or the end of a number, such as 2026-08 and 050-1234567.
_DAY, _MONTH = "(?:[12]?[1-9]|[123]0|31)", "(?:[1-9]|1[0-2])"
_SOMETHING_ELSE = re.compile(rf"{_DAY}/{_MONTH}|{_MONTH}/{_DAY}|0\d.*|.*[-+*/xX×÷(]0\d.*")

# The last word of a title whose amount came in: `salary 9000 in`.
_CAME_IN = frozenset({"in", "received", "נכנס", "נכנסה", "התקבל", "התקבלה"})


class TitleAndAmount(NamedTuple):
    """A title without its amount, and the amount."""

    title: str
    parsed: ParsedAmount


def split_title(text: str, default_currency: str | None = None, locale: str | None = None) -> TitleAndAmount | None:
    """Split an amount or a sum from a title's end, or one with a currency from its beginning (`58 ILS taxi`).

    A number without a currency at the beginning stays, because it may be part of a name (`7 eleven`). Returns None if
    there is no amount, or nothing but an amount. Raises AmountError if the number at the end isn't a usable amount, or
    if the title has two readings.
    """
    words = text.split()
    last = _sum_at_end(words, default_currency, locale) or _at_end(words, default_currency, locale)
    first = _at_start(words, default_currency, locale)
    if last and first:
        raise AmountError(gettext("The title has two amounts. Enter the right one here."))
    found = last or first
    if code := _unknown_code(words, found):
        raise UnknownCurrencyError(code)
    if found is None and len(words) > 1 and _is_number(words[-1]) and _has_letter(" ".join(words[:-1])):
        parse_typed_amount(words[-1], default_currency, locale)  # raises the error with the reason
    return found


def without_came_in(text: str) -> str:
    """Return the title before a last word that says that its amount came in (`salary 9000 in`), "" without one."""
    rest, _, last = text.rpartition(" ")
    return rest if last.casefold() in _CAME_IN and any(map(str.isdecimal, rest)) else ""


def _sum_at_end(words: list[str], default: str | None, locale: str | None) -> TitleAndAmount | None:
    for size in range(len(words) - 1, 0, -1):
        rest, tail = words[:-size], words[-size:]
        title = " ".join(rest).rstrip(_JOINTS)
        parsed = _read_sum(tail, default, locale) if _has_letter(title) else None
        if parsed is None:
            continue
        is_grouped = _GROUPED.fullmatch(rest[-1]) and _GOES_ON.match(_digits_of(tail))
        if is_grouped or _is_unclear(tail, parsed):
            raise _two_readings()
        return TitleAndAmount(title, parsed)
    return None


def _at_end(words: list[str], default: str | None, locale: str | None) -> TitleAndAmount | None:
    for size in range(min(len(words) - 1, _MOST_WORDS), 0, -1):
        rest, tail = words[:-size], words[-size:]
        parsed = _read(tail, default, locale)
        title = " ".join(rest).rstrip(_JOINTS)
        if parsed and _has_letter(title):
            is_grouped = _GROUPED.fullmatch(rest[-1]) and _GOES_ON.match(_digits_of(tail))
            if is_grouped or _ends_in_sum(rest, tail, default, locale):
                raise _two_readings()
            return TitleAndAmount(title, parsed)
    return None


def _ends_in_sum(rest: list[str], tail: list[str], default: str | None, locale: str | None) -> bool:
    """Whether an amount with a currency and an operator are before the amount at the end."""
    if tail[0][0] not in _OPERATORS and rest[-1][-1] not in _OPERATORS:
        return False
    words = " ".join(rest).rstrip(_OPERATORS + " ").split()
    found = [_read(words[-size:], default, locale) for size in range(1, _MOST_WORDS + 1)]
    return any(each and each.currency for each in found)


def _two_readings() -> AmountError:
    return AmountError(gettext("The number in the title can be read in two ways. Enter the amount here."))


def _at_start(words: list[str], default: str | None, locale: str | None) -> TitleAndAmount | None:
    for size in range(min(len(words) - 1, _MOST_WORDS), 0, -1):
        try:
            parsed = _read(words[:size], default, locale) or _clear_sum(words[:size], default, locale)
        except SharedNameError:  # more often the beginning of a name: "3 pesos cafe"
            continue
        title = " ".join(words[size:]).lstrip(_JOINTS)
        text = " ".join(words[:size])
        after = _after_number(text)
        is_clear = _names_currency(text, default) or after.upper() in KNOWN or codes_named(after)
        if parsed and parsed.currency and _has_letter(title) and is_clear:
            if title[0] in _OPERATORS and title[1:].lstrip(" (")[:1].isdecimal():
                raise _two_readings()
            return TitleAndAmount(title, parsed)
    return None


def _unknown_code(words: list[str], found: TitleAndAmount | None) -> str:
    """The code of a currency that FinBrain doesn't know, beside the number at the end or beginning of a title; else "".

    Three capitals after the number are such a code, unless the whole title is in capitals. A code of something that is
    no currency, such as gold, may be in any case. Before the number only its capitals count (`lunch XAU 100`): other
    words are names (`lunch KFC 45`).
    """
    for ends, rest in ((words[-2:], words[:-2]), (words[:2], words[2:])):
        one, other = (word.strip(".,;:!?()") for word in (ends if len(ends) == 2 else ["", ""]))
        if found is None and _is_amount(one) and _is_unknown(other, can_be_new=_has_small_letter(" ".join(rest))):
            return other.upper()
        names_none = found is None or (found.parsed.currency is None and not _has_letter(ends[-1]))
        is_code = one.isupper() and one.lower() not in ALSO_WORDS and _is_unknown(one, can_be_new=False)
        if names_none and is_code and _is_amount(other):
            return one
    for word in (words[-1:] + words[:1]) if found is None else []:
        glued = _NUMBER_AND_CODE.fullmatch(word)
        if glued and _is_unknown(glued[2], can_be_new=False):
            return glued[2].upper()
    return ""


def _is_unknown(word: str, *, can_be_new: bool) -> bool:
    """Whether a word is the code of a currency that FinBrain doesn't know, or of something that is no currency.

    can_be_new: whether any three capitals are enough.
    """
    code = word.upper()
    if code in NOT_CURRENCIES:
        return word.isupper() or word.lower() not in ALSO_WORDS
    is_new = re.fullmatch("[A-Z]{3}", word) and code not in KNOWN and normal_word(word) not in WORDS
    return can_be_new and bool(is_new)


def _is_amount(word: str) -> bool:
    try:
        return _is_number(word) and bool(parse_amount(word))
    except AmountError:
        return bool(re.fullmatch(r"\d+[.,]\d+", word, re.ASCII))  # cryptocurrencies have many decimals


def _has_small_letter(text: str) -> bool:
    """Whether a text has a letter that is not a capital, in any script."""
    return any(unicodedata.category(char).startswith("L") and not char.isupper() for char in text)


def _read(words: list[str], default: str | None, locale: str | None) -> ParsedAmount | None:
    """Read some words as an amount: a number, with or without a currency. None if they are something else.

    Raises SharedNameError for a currency's name that several share, such as `100 pesos`.
    """
    if sum(any(map(str.isdecimal, word)) for word in words) != 1 or "(" in "".join(words):
        return None
    if len(words) > 1 and (words[0] in "-+" or words[-1] in "-+"):
        return None
    text = " ".join(words)
    before = re.split(r"\d", text, maxsplit=1)[0]
    if not _names_currency(before, default) or _is_word(_after_number(text), default):
        return None
    try:
        return parse_amount(text, default, locale)
    except SharedNameError:
        raise
    except AmountError:
        return None


def _read_sum(words: list[str], default: str | None, locale: str | None) -> ParsedAmount | None:
    """Calculate the sum that some words are, with or without a currency. None if they are something else."""
    text = " ".join(words)
    if not is_sum(text) or _SEPARATED.search(plain_text(text)):
        return None
    before = re.split(r"[\d(]", text, maxsplit=1)[0]
    if not _names_currency(before, default) or _is_word(_after_number(text), default):
        return None
    try:
        return parse_typed_amount(text, default, locale)
    except AmountError:
        return None


def _clear_sum(words: list[str], default: str | None, locale: str | None) -> ParsedAmount | None:
    parsed = _read_sum(words, default, locale)
    return parsed if parsed and not _is_unclear(words, parsed) else None


def _is_unclear(words: list[str], parsed: ParsedAmount) -> bool:
    """Whether what reads as a sum may be a day, the end of a number, or a range."""
    text = plain_text(" ".join(words))
    return parsed.amount < 0 or bool(_SOMETHING_ELSE.fullmatch(text) or _MAYBE_SEPARATED.search(text))


def _names_currency(text: str, default: str | None) -> bool:
    """Whether the text before a number is clearly a currency. `TRY` is, `try` is not (`lessons to try`)."""
    written = re.sub(r"[\d.,'+\s-]", "", text)
    word = normal_word(written)
    if not word or any(unicodedata.category(char) == "Sc" for char in word) or word.upper() == default:
        return True
    if written in KNOWN:
        return word not in ALSO_WORDS
    return word in WORDS and (len(word) > 1 or default in WORDS[word])


def _after_number(text: str) -> str:
    return re.sub(r".*\d[\s.,]*", "", text)


def _is_word(text: str, default: str | None) -> bool:
    """Whether the text after a number is a word and not the currency that has the same code."""
    return text.lower() in ALSO_WORDS and not text.isupper() and text.upper() != default


def _is_number(word: str) -> bool:
    return any(map(str.isdecimal, word)) and not _has_letter(word)


def _digits_of(words: list[str]) -> str:
    return next(word for word in words if any(map(str.isdecimal, word)))


def _has_letter(text: str) -> bool:
    return any(unicodedata.category(char).startswith("L") for char in text)

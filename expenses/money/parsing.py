"""Read the amounts that people type: a Decimal and a currency, or a message that says how to fix it."""

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from babel.numbers import get_decimal_symbol, get_group_symbol
from django.utils.translation import gettext

from expenses.money.codes import KNOWN, MOST_DECIMALS, minor_units
from expenses.money.errors import AmountError, SharedNameError, UnknownCurrencyError
from expenses.money.formatting import babel_locale
from expenses.money.iso4217 import NOT_CURRENCIES
from expenses.money.names import codes_named, name_key
from expenses.money.words import USUAL, WORDS, locale_words, normal_word

_MAX_INTEGER_DIGITS = 12
_MAX_RATE_DECIMALS = 8
_MAX_TEXT = 80

_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d"), "-")
# The last is the Arabic thousands separator.
_APOSTROPHES = dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u066c"), "'")
_ARABIC_DECIMAL = "\u066b"
_SIGN = re.compile(r"[-+()]")
# What most cells of statements look like. Every locale reads it alike, and it takes a fifth of the time.
_USUAL = re.compile(r"-?(?:\d{1,12}|\d{1,3}(?:,\d{3}){1,3})\.\d\d", re.ASCII)
_FOREIGN_DIGIT = re.compile(r"[^\D0-9]")
_DIGITS = set("0123456789")
_UP_TO_THREE, _THREE = re.compile(r"[1-9]\d{0,2}"), re.compile(r"\d{3}")
_NUMBER = re.compile(
    r"""^(?P<before>\D*?)
    (?P<number>(?:(?<![^\W\d_])[.,\u066b])?\d(?:[\d.,'\u066b ]*\d)?)  # ".5" but not the dot of "kr.5"
    (?P<after>\D*)$""",
    re.VERBOSE,
)
_HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")
# "58.-", "58,- kr", and the dot of "58.".
_DASH_FOR_NO_CENTS = re.compile(r"^[.,]-{0,2}(?=\s|$|[^\W\d_])")


class ParsedAmount(NamedTuple):
    """An amount that a person typed.

    amount: never zero, with exactly the currency's decimals, negative for a refund.
    currency: the one named in the text, or None.
    ambiguous: whether the separators have another reading.
    """

    amount: Decimal
    currency: str | None
    ambiguous: bool


def parse_amount(text: str | None, default_currency: str | None = None, locale: str | None = None) -> ParsedAmount:
    """Read an amount in any usual notation: `1,234.50`, `1.234,50`, `1 234,50`, `1'234.50`, `₪58`, `58 ILS`, `-5`.

    `default_currency` is the currency chosen beside the field. It decides which dollar `$` means, and how many decimals
    are allowed if the text names no currency. `locale` is a Django language code. Digits may be of any script.

    A separator before exactly three digits groups thousands if the locale groups with it. A comma groups thousands in
    other locales too unless it is their decimal separator, but then the amount is `ambiguous`. Too many decimals are an
    error and not rounded: `1.239` may be a fraction of a cent or a grouped thousand, so a wrong guess would be off by a
    factor of a thousand. Extra zeros are accepted (`12.00 JPY`).

    Raises AmountError if the text is empty or not an amount, or if the amount is zero, too large or too precise.
    """
    is_usual = text and _USUAL.fullmatch(text) and minor_units(default_currency or "") == 2
    if text and is_usual and (usual := Decimal(text.replace(",", ""))):
        return ParsedAmount(usual, None, ambiguous=False)
    match = _NUMBER.match(plain_text(text))
    if not match:
        raise AmountError(_not_understood())
    before, after = match["before"], _DASH_FOR_NO_CENTS.sub("", match["after"])
    negative, before, after = _take_sign(before, after)
    currency = _currency(before, after, default_currency, locale)
    whole, fraction, ambiguous = split_number(match["number"], locale)
    amount = _amount(whole, fraction, currency or (default_currency if default_currency in KNOWN else None))
    return ParsedAmount(-amount if negative else amount, currency, ambiguous)


def parse_rate(text: str, locale: str | None = None) -> Decimal:
    """Read an exchange rate in any usual notation (`3,7215`, `٣٫٧٢`): not negative, at most eight decimals.

    A single point or comma is always the decimal separator, because rates in the thousands are rarely grouped.
    Raises AmountError with a translated message.
    """
    match = _NUMBER.match(plain_text(text))
    if not match or match["before"] or match["after"]:
        raise AmountError(gettext("That isn't a rate. Write it like 3.7215."))
    number = match["number"]
    if re.fullmatch(r"\d*[.,]\d+", number):
        whole, fraction = re.split("[.,]", number)
    else:
        whole, fraction, _ambiguous = split_number(number, locale)
    if len(whole.lstrip("0")) > _MAX_INTEGER_DIGITS or len(fraction.rstrip("0")) > _MAX_RATE_DECIMALS:
        raise AmountError(gettext("A rate can have at most 12 digits before the decimal point and 8 after it."))
    return Decimal(f"{whole or 0}.{fraction.rstrip('0') or 0}")


def _not_understood() -> str:
    return gettext("That isn't an amount. Write it like 1234.50.")


def plain_text(text: str | None) -> str:
    """Return the text with ASCII digits, spaces, dashes and apostrophes, and without direction marks."""
    if text is None or not text.strip():
        raise AmountError(gettext("Enter an amount."))
    if len(text) <= _MAX_TEXT and text.isascii():
        return " ".join(text.split())
    kinds = [*map(unicodedata.category, text)] if len(text) <= _MAX_TEXT else ["No"]
    if "No" in kinds or "Nl" in kinds:
        raise AmountError(_not_understood())  # because NFKC would turn 5² into 52
    visible = "".join(char for char, kind in zip(text, kinds, strict=True) if kind != "Cf")
    normal = unicodedata.normalize("NFKC", visible.translate(_DASHES).translate(_APOSTROPHES))
    plain = _FOREIGN_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), normal)
    return " ".join(plain.replace("\u060c", ",").split())


def _take_sign(before: str, after: str) -> tuple[bool, str, str]:
    """Return (negative, before, after), without the sign: a dash on either side, or parentheses as in accounting.

    The hyphen of a name is no sign: `100 Bosnia-Herzegovina convertible marks`.
    """
    if not _SIGN.search(before + after):
        return False, before, after
    before, after = (_HYPHEN.sub("", text) for text in (before, after))
    signs = re.findall(r"[-+]", before + after)
    parentheses = re.findall(r"[()]", before + after)
    if parentheses:
        if parentheses != ["(", ")"] or "(" not in before or ")" not in after:
            raise AmountError(_not_understood())
        signs.append("-")
    if len(signs) > 1:
        raise AmountError(_not_understood())
    return signs == ["-"], _SIGN.sub("", before), _SIGN.sub("", after)


@lru_cache(maxsize=1000)
def _currency(before: str, after: str, default: str | None, locale: str | None) -> str | None:
    """Return the currency named by the words around the number, or None if there are no words."""
    words = [word for word in (normal_word(before), normal_word(after)) if word]
    if not words:
        return None
    local = locale_words(locale) if locale else {}
    candidates = frozenset.intersection(*(_candidates(word, local) for word in words))
    if not candidates:
        raise AmountError(gettext("There are two currencies here. Keep one."))
    if len(candidates) == 1:
        return min(candidates)
    if default in candidates:
        return default
    in_locale = candidates & local.get(words[0], frozenset())
    if len(in_locale) == 1:
        return min(in_locale)
    usual = USUAL.get(name_key(words[0]), "")
    if usual in candidates:
        return usual
    raise SharedNameError(
        gettext("“%(sign)s” can mean several currencies. Use the code instead, such as %(code)s.")
        % {"sign": words[0], "code": "SEK" if "SEK" in candidates else min(candidates)}
    )


def _candidates(word: str, local: dict[str, frozenset[str]]) -> frozenset[str]:
    if word.upper() in KNOWN:
        return frozenset({word.upper()})
    found = WORDS.get(word, frozenset()) | local.get(word, frozenset()) or codes_named(word)
    if found:
        return found
    if re.fullmatch("[a-z]{3}", word) or word.upper() in NOT_CURRENCIES:
        raise UnknownCurrencyError(word.upper())
    raise AmountError(_not_understood())


def split_number(number: str, locale: str | None) -> tuple[str, str, bool]:
    """Split a number at its separators into (integer digits, fraction digits, ambiguous). AmountError if they clash."""
    decimal, ambiguous = _decimal_separator(number, locale)
    whole, _, fraction = number.rpartition(decimal) if decimal else (number, "", "")
    groups = set(whole) - _DIGITS
    if len(groups) > 1 or (fraction and not fraction.isdecimal()):
        raise AmountError(_not_understood())
    if groups:
        separator = re.escape(groups.pop())
        indian = rf"|\d{{1,2}}(?:{separator}\d\d)*{separator}\d{{3}}"
        if not re.fullmatch(rf"\d{{1,3}}(?:{separator}\d{{3}})+{indian}", whole):
            raise AmountError(_not_understood())
        whole = re.sub(r"\D", "", whole)
    return whole or "0", fraction, ambiguous


def _decimal_separator(number: str, locale: str | None) -> tuple[str, bool]:
    """Return (decimal separator or "", ambiguous) of a number."""
    if _ARABIC_DECIMAL in number:
        return _ARABIC_DECIMAL, False
    last = max(number.rfind("."), number.rfind(","))
    if last < 0:
        return "", False
    separator, before, after = number[last], number[:last], number[last + 1 :]
    if separator in before:
        return "", False
    if _THREE.fullmatch(after) and _UP_TO_THREE.fullmatch(before):
        group, decimal = _separators(locale)
        if separator == group:
            return "", False
        if separator != decimal and separator == ",":
            return "", True
    return separator, False


def _separators(locale: str | None) -> tuple[str, str]:
    """Return the locale's (grouping, decimal) separators. Without a locale, only the decimal point is known."""
    if not locale:
        return "", "."
    found = babel_locale(locale)
    return get_group_symbol(found), get_decimal_symbol(found)


def _amount(whole: str, fraction: str, code: str | None) -> Decimal:
    """Return a positive Decimal with the currency's decimals. AmountError if it is out of range.

    Without a currency it has two decimals, or as many as it needs up to three.
    """
    digits = minor_units(code) if code else min(max(len(fraction.rstrip("0")), 2), MOST_DECIMALS)
    whole = whole.lstrip("0") or "0"
    if len(whole) > _MAX_INTEGER_DIGITS:
        raise AmountError(gettext("That amount is too large."))
    if len(fraction.rstrip("0")) > digits:
        raise AmountError(_too_precise(code, digits, Decimal(f"{whole}.{fraction}")))
    amount = Decimal(f"{whole}.{fraction[:digits].ljust(digits, '0')}") if digits else Decimal(whole)
    if not amount:
        raise AmountError(gettext("An amount can't be zero."))
    return amount


def _too_precise(code: str | None, digits: int, typed: Decimal) -> str:
    """Return the message for too many decimals and suggest an amount: `ILS has 2 decimals. Did you mean 1.24?`"""
    nearest = f"{typed:.{digits}f}" if typed > 1 else f"{Decimal(1).scaleb(-digits):f}"
    if not digits:
        return gettext("%(code)s has no decimals. Did you mean %(nearest)s?") % {"code": code, "nearest": nearest}
    if code is None:
        return gettext("An amount has at most %(digits)d decimals.") % {"digits": digits}
    return gettext("%(code)s has %(digits)d decimals. Did you mean %(nearest)s?") % {
        "code": code,
        "digits": digits,
        "nearest": nearest,
    }

"""Format amounts of money. Babel's patterns are parsed once per currency and locale, because a list shows thousands."""

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from babel import Locale, UnknownLocaleError
from babel.numbers import format_percent as babel_percent
from babel.numbers import (
    get_currency_name,
    get_currency_symbol,
    get_decimal_symbol,
    get_group_symbol,
    parse_pattern,
)

from expenses.money.codes import minor_units
from expenses.money.rounding import quantize

_DEFAULT_LOCALE = "en"
_LEFT_TO_RIGHT = "\u200e"
_SPACE = "\xa0"
# The sign that people read. Exports and form fields have a hyphen, which other programs understand.
MINUS = "\u2212"


class _Layout(NamedTuple):
    """The texts before, after and between the digits of a formatted amount."""

    before: str
    after: str
    before_negative: str
    after_negative: str
    group: str
    decimal: str
    upper_group_size: int  # 3, or 2 in India: 12,34,567


@lru_cache(maxsize=128)
def babel_locale(name: str | None) -> Locale:
    """Return the Babel locale of a Django language code ("he", "en-us", "zh-hans") or locale name, else English."""
    try:
        return Locale.parse((name or _DEFAULT_LOCALE).replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse(_DEFAULT_LOCALE)


def minus_sign(locale: str | None = _DEFAULT_LOCALE) -> str:
    """Return the sign to write before a number, with a direction mark in a right-to-left language.

    The sign has no direction of its own. Without the mark, browsers show it after the number.
    """
    return _LEFT_TO_RIGHT + MINUS if babel_locale(locale).text_direction == "rtl" else MINUS


@lru_cache(maxsize=1024)
def _layout(code: str, locale_name: str | None, digits: int) -> _Layout:
    locale = babel_locale(locale_name)
    pattern = parse_pattern(locale.currency_formats["standard"].pattern)  # a copy, because all share the locale's
    pattern.frac_prec = (digits, digits)
    decimal = get_decimal_symbol(locale)
    one = "1" + decimal + "0" * digits if digits else "1"

    def around(number: int) -> tuple[str, str]:
        text = pattern.apply(Decimal(number), locale, currency=code, currency_digits=False)
        before, _, after = text.partition(one)
        before += _SPACE if before[-1:].isalpha() else ""
        after = (_SPACE if after[:1].isalpha() else "") + after
        return before.replace("-", minus_sign(locale_name)), after.replace("-", MINUS)

    return _Layout(*around(1), *around(-1), get_group_symbol(locale), decimal, pattern.grouping[1])


def format_money(amount: Decimal, code: str, locale: str | None = _DEFAULT_LOCALE) -> str:
    """Format `amount`, rounded to minor units, with the locale's symbol, sign and grouping: `−₪1,234.50`, `1.234,50 ₪`.

    The text is that of Babel's `format_currency`, at a fraction of its cost, with a true minus sign, and with a space
    between letters and digits, which CLDR asks for and Babel leaves out. A negative amount in a right-to-left language
    gets a direction mark that keeps the sign before the number. An unknown currency is shown by its code.
    """
    return _written(quantize(amount, code), _layout(code, locale, minor_units(code)))


def format_received(amount: Decimal, code: str, locale: str | None = _DEFAULT_LOCALE) -> str:
    """Format money that came in, which is positive: with a plus sign where the language has its minus sign."""
    return format_money(-amount, code, locale).replace(MINUS, "+")


def format_whole(amount: Decimal, code: str, locale: str | None = _DEFAULT_LOCALE) -> str:
    """Format `amount` like `format_money`, rounded to whole units: `₪1,234`."""
    return _written(Decimal(round(amount)), _layout(code, locale, 0))


def format_percent(share: Decimal, locale: str | None = _DEFAULT_LOCALE) -> str:
    """Format `share`, in percent, rounded to whole percent, with sign and grouping: `−12%`, `1,250%`."""
    text = babel_percent(Decimal(round(share)).scaleb(-2), locale=babel_locale(locale))
    return text.replace("-", minus_sign(locale))


def _written(rounded: Decimal, layout: _Layout) -> str:
    whole, _, fraction = f"{abs(rounded):,f}".partition(".")
    if layout.upper_group_size != 3:
        whole = _regroup(whole.replace(",", ""), layout.upper_group_size)
    if layout.group != ",":
        whole = whole.replace(",", layout.group)
    number = f"{whole}{layout.decimal}{fraction}" if fraction else whole
    if rounded < 0:
        return layout.before_negative + number + layout.after_negative
    return layout.before + number + layout.after


def _regroup(digits: str, upper_size: int) -> str:
    """Group the last three digits, and those before them by `upper_size`: 1234567 -> 12,34,567."""
    head, tail = digits[:-3], digits[-3:]
    groups = []
    while head:
        groups.insert(0, head[-upper_size:])
        head = head[:-upper_size]
    return ",".join([*groups, tail])


@lru_cache(maxsize=1024)
def symbol(code: str, locale: str | None = _DEFAULT_LOCALE) -> str:
    """Return the currency's symbol in `locale`: `$` in English, `US$` in Spanish. The code if it has no symbol."""
    return get_currency_symbol(code, babel_locale(locale))


@lru_cache(maxsize=1024)
def currency_name(code: str, locale: str | None = _DEFAULT_LOCALE) -> str:
    """Return the currency's name in `locale`: `Ukrainian Hryvnia`. The code if it has no name."""
    return get_currency_name(code, locale=babel_locale(locale))

"""Reads single cells: dates, money, currencies, titles, categories, by the same rules as typed expenses."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.languages import get_official_languages
from babel.numbers import get_currency_symbol, get_territory_currencies
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from classifier.categories import ALL_CATEGORIES, Kind
from classifier.category_set import CategorySet, is_own, shown_categories
from expenses import money
from expenses.models.limits import NOTE_LENGTH, TITLE_LENGTH, is_visible
from expenses.months import EARLIEST_DAY, latest_day
from expenses.statements.days import read_day
from expenses.statements.notation import without_money_word
from expenses.statements.statement import Column, DateOrder
from expenses.statements.vocabulary import MONEY_WORDS

# A separator in a number, but not the dot of "kr.5".
_SEPARATOR = re.compile(r"(?<![^\W\d_])[.,](?=\d)")
# Control characters except tabs and new lines.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_SHOWN = 80


class CellError(ValueError):
    """Raised for an invalid cell; `str(error)` is a translated sentence for the person."""

    def __init__(self, column: Column, text: str, message: str) -> None:
        super().__init__(message)
        self.column = column
        self.text = text[:_SHOWN]


def day_of(text: str, order: DateOrder) -> date:
    day = read_day(text, order)
    if day is None:
        raise CellError(Column.DATE, text, _("This isn't a date.") if text else _("The date is missing."))
    return day


def check_day(day: date, text: str) -> date:
    """Return the day. Raises CellError if it is too early or too late for an expense."""
    if EARLIEST_DAY <= day <= date.today():  # whatever day it is where the person is: the latest one is years ahead
        return day
    latest = latest_day(timezone.localdate())
    if not EARLIEST_DAY <= day <= latest:
        message = _("The date must be between %(first)s and %(last)s.") % {"first": EARLIEST_DAY, "last": latest}
        raise CellError(Column.DATE, text, message)
    return day


def money_of(text: str, currency: str, decimal: str, column: Column = Column.AMOUNT) -> tuple[Decimal, str]:
    """The amount in a cell, never zero, and its currency: the one in the cell, else `currency`.

    decimal: "." or ",". Raises CellError if the cell is invalid.
    """
    if not text:
        raise CellError(column, text, _("The amount is missing."))
    if not currency:
        raise CellError(Column.CURRENCY, currency, _("The currency is missing."))
    if currency not in money.KNOWN:
        raise CellError(Column.CURRENCY, currency, money.refusal(currency[:_SHOWN]))
    text = text.replace("(-)", "-")
    if any(map(str.isalpha, text)):
        text = without_money_word(text, MONEY_WORDS.get(currency, frozenset()))
    plain = _SEPARATOR.sub(_swapped, text) if decimal == "," else text
    try:
        parsed = money.parse_amount(plain, currency, "en")
    except money.AmountError as error:
        bare = _without_local_sign(plain, currency)
        if bare == plain:
            raise CellError(column, text, str(error)) from None
        return money_of(bare, currency, ".", column)
    return parsed.amount, parsed.currency or currency


def _without_local_sign(text: str, currency: str) -> str:
    """The amount without the sign that the currency has only in its own country, such as the L of lempiras."""
    return next((text.replace(sign, "", 1).strip() for sign in _local_signs(currency) if sign in text), text)


@lru_cache(maxsize=200)
def _local_signs(currency: str) -> tuple[str, ...]:
    """The signs of a currency in the official languages of the countries that use it, the longest first."""
    signs: set[str] = set()
    for country in get_global("territory_currencies"):
        if currency in get_territory_currencies(country):
            for language in get_official_languages(country, de_facto=True):
                with suppress(UnknownLocaleError):
                    signs.add(get_currency_symbol(currency, Locale(language, country)))
    return tuple(sorted(signs - {currency}, key=len, reverse=True))


def _swapped(separator: re.Match[str]) -> str:
    return "," if separator[0] == "." else "."


@lru_cache(maxsize=1000)
def currency_of(text: str, default: str) -> str:
    """The code of a currency in any notation (`EUR`, `€`, `ש"ח`); `default` for an empty cell."""
    if not text:
        return default
    try:
        return money.parse_amount(f"1 {text}", default).currency or default
    except money.AmountError as error:
        raise CellError(Column.CURRENCY, text, str(error)) from None


def check_currency(code: str, day: date) -> None:
    if not money.is_valid(code, day):
        raise CellError(Column.CURRENCY, code, _("%(currency)s was not in use on that day.") % {"currency": code})


def title_and_note(title: str, note: str) -> tuple[str, str]:
    """Clean title and note of control characters. Raises CellError if both are empty.

    A title that is too long is cut, and written in full before the note. If the title is empty, the note becomes it.
    """
    note = _visible(note.replace("\r\n", "\n")).strip()
    line = _one_line(title)
    if not line:
        line, note = _one_line(note), ""
    if not line:
        raise CellError(Column.TITLE, title, _("The title is missing."))
    if len(line) > TITLE_LENGTH:
        note = f"{line}\n{note}"
    return line[:TITLE_LENGTH].rstrip(), note.strip()[:NOTE_LENGTH].rstrip()


def _one_line(text: str) -> str:
    """Collapse white space and remove control characters; "" if nothing visible is left."""
    line = " ".join(_visible(text).split())
    return line if is_visible(line) else ""


def _visible(text: str) -> str:
    return text if text.isprintable() else _CONTROL.sub(" ", text)


def category_named(text: str) -> str:
    """The slug of the category that a cell names; else "".

    It names one of the ledger's own categories, or a base category by slug or by name in any of the site's languages.
    """
    name = text.strip().casefold()
    return _own_names(shown_categories()).get(name) or _category_names().get(name, "")


def kind_named(text: str) -> str:
    """The kind that a cell names, by slug or by name in any of the site's languages; else ""."""
    return _kind_names().get(text.strip().casefold(), "")


@lru_cache(maxsize=256)
def _own_names(categories: CategorySet) -> dict[str, str]:
    """Map the names that a person gave to categories, and the slugs of own ones, to slugs."""
    named = {each.name.casefold(): slug for slug, each in categories.categories.items() if isinstance(each.name, str)}
    own = {slug: slug for slug in categories.categories if is_own(slug)}
    return named | own | dict(categories.merged)


@lru_cache(maxsize=1)
def _category_names() -> dict[str, str]:
    return _names({slug: category.name for slug, category in ALL_CATEGORIES.items()})


@lru_cache(maxsize=1)
def _kind_names() -> dict[str, str]:
    return _names({kind.value: kind.label for kind in Kind})


def _names(labels: Mapping[str, object]) -> dict[str, str]:
    """Map slugs, and their labels in each of the site's languages, to slugs."""
    names = {slug: slug for slug in labels}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            names |= {str(label).casefold(): slug for slug, label in labels.items()}
    return names

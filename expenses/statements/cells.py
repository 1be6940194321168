"""What a cell says: days, money, currencies, titles, categories; under the rules that hold for any expense."""

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from classifier.categories import CATEGORIES
from expenses import money
from expenses.models.limits import NOTE_LENGTH, TITLE_LENGTH, is_visible
from expenses.months import EARLIEST_DAY, latest_day
from expenses.statements.notation import read_day
from expenses.statements.statement import Column, DateOrder

# Of a number, and not the dot of "kr.5".
_SEPARATOR = re.compile(r"(?<![^\W\d_])[.,](?=\d)")
# But tabs and new lines.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
SHOWN = 80


class CellError(ValueError):
    """A cell does not hold what it should; `str(error)` is a translated sentence that says so."""

    def __init__(self, column: Column, text: str, message: str) -> None:
        super().__init__(message)
        self.column = column
        self.text = text[:SHOWN]


def day_of(text: str, order: DateOrder) -> date:
    day = read_day(text, order)
    if day is None:
        raise CellError(Column.DATE, text, _("This is not a date.") if text else _("There is no date."))
    return day


def check_day(day: date, text: str) -> date:
    """The day, if an expense can have it."""
    latest = latest_day(timezone.localdate())
    if not EARLIEST_DAY <= day <= latest:
        message = _("The date must lie between %(first)s and %(last)s.") % {"first": EARLIEST_DAY, "last": latest}
        raise CellError(Column.DATE, text, message)
    return day


def money_of(text: str, currency: str, decimal: str, column: Column = Column.AMOUNT) -> tuple[Decimal, str]:
    """The amount in a cell, never zero, and its currency: the one that the cell names, else `currency`."""
    if not text:
        raise CellError(column, text, _("There is no amount."))
    if not currency:
        raise CellError(Column.CURRENCY, currency, _("There is no currency."))
    if currency not in money.KNOWN:
        message = _("FinBrain has no rates for the currency “%(code)s”.") % {"code": currency[:SHOWN]}
        raise CellError(Column.CURRENCY, currency, message)
    try:
        parsed = money.parse_amount(_SEPARATOR.sub(swapped, text) if decimal == "," else text, currency, "en")
    except money.AmountError as error:
        raise CellError(column, text, str(error)) from None
    return parsed.amount, parsed.currency or currency


def swapped(separator: re.Match[str]) -> str:
    return "," if separator[0] == "." else "."


@lru_cache(maxsize=1000)
def currency_of(text: str, default: str) -> str:
    """The code of a currency written in any way (`EUR`, `€`, `ש"ח`); `default` for an empty cell."""
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
    """Both without control characters. A title that is too long is cut, and stands whole before the note; where there
    is none the note is taken for it."""
    note = _CONTROL.sub(" ", note.replace("\r\n", "\n")).strip()
    line = _one_line(title)
    if not line:
        line, note = _one_line(note), ""
    if not line:
        raise CellError(Column.TITLE, title, _("There is no title."))
    if len(line) > TITLE_LENGTH:
        note = f"{line}\n{note}"
    return line[:TITLE_LENGTH].rstrip(), note.strip()[:NOTE_LENGTH].rstrip()


def _one_line(text: str) -> str:
    """White space folded, control characters gone; nothing where nothing can be seen."""
    line = " ".join(_CONTROL.sub(" ", text).split())
    return line if is_visible(line) else ""


def category_of(text: str) -> str:
    """The slug of one of FinBrain's categories, named by slug or by name in any language of the site; else empty."""
    return _category_names().get(text.strip().casefold(), "")


@lru_cache(maxsize=1)
def _category_names() -> dict[str, str]:
    names = {slug: slug for slug in CATEGORIES}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            names |= {str(category.name).casefold(): slug for slug, category in CATEGORIES.items()}
    return names

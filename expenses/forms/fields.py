"""What several forms of expenses share: choices of currencies, fields for one line of text and for exchange rates."""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.choices import flatten_choices
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from expenses import money
from expenses.models.limits import is_visible

Choices = list[tuple[str, str]]


def currency_choices() -> Choices:
    return [(code, code) for code in money.CURRENT]


class CurrencyField(forms.ChoiceField):
    """A field for the code of a currency in use. Django compares with all choices, which it makes each time."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=currency_choices, **options)

    def valid_value(self, value: Any) -> bool:
        return value in money.CURRENT


def named_currency_choices(*first: str) -> list[tuple[str, Choices]]:
    """Choices of the currencies in use, in groups: `first` and the common ones, then all others."""
    at_hand = list(dict.fromkeys([*(code for code in first if code in money.CURRENT), *money.COMMON]))
    others = [code for code in money.CURRENT if code not in at_hand]
    return [(_("Common currencies"), _named(at_hand)), (_("All other currencies"), _named(others))]


def all_currency_choices(*first: str) -> list[tuple[str, Choices]]:
    """Choices of all currencies: those in use, then those that ended, which old expenses may be in."""
    return [*named_currency_choices(*first), (_("No longer in use"), _named(sorted(money.ENDED)))]


def _named(codes: Iterable[str]) -> Choices:
    language = get_language()
    return [(code, f"{code} · {money.currency_name(code, language)}") for code in codes]


def refuse_control_characters(text: str, allowed: str = "") -> None:
    """Raise ValidationError if a text has control characters or halves of characters, other than `allowed`."""
    if any(unicodedata.category(char) in ("Cc", "Cs") and char not in allowed for char in text):
        message = _("This text contains invisible control characters. Remove them and try again.")
        raise forms.ValidationError(message, code="control")


class CleanTextField(forms.CharField):
    """A field for one line of text in any script. Collapses white space and rejects control characters."""

    def to_python(self, value: Any) -> str:
        text = re.sub(r"\s+", " ", super().to_python(value) or "").strip()
        refuse_control_characters(text)
        return text if is_visible(text) else ""


def show_stored(field: forms.Field, value: str, name: str = "") -> None:
    """Show a stored choice that this release doesn't offer. It can't be saved, so the person chooses another."""
    if isinstance(field.widget, forms.Select):
        choices = list(field.widget.choices)
        if value not in dict(flatten_choices(choices)):
            field.widget.choices = [(value, name or value or "?"), *choices]


class RateField(forms.CharField):
    """A field for an exchange rate, in the notations of amounts, with up to eight decimals. None if empty or zero."""

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        try:
            rate = money.parse_rate(text, get_language()) if text else None
        except money.AmountError as error:
            raise forms.ValidationError(str(error), code="rate") from None
        return rate or None

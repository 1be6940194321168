"""What people type, checked and converted: what leaves `cleaned_data` is what the models store."""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from classifier.categories import Category
from expenses import money
from expenses.ledger.entries import NewExpense
from expenses.models.limits import NOTE_LENGTH, TITLE_LENGTH, is_visible
from expenses.months import EARLIEST_DAY, latest_day

ENTRY_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")


def currency_choices() -> list[tuple[str, str]]:
    return [(code, code) for code in money.CURRENT]


def all_currency_choices() -> list[tuple[str, str]]:
    """Those in use, then those that are gone: expenses of their time may still be in them."""
    return [(code, code) for code in (*money.CURRENT, *sorted(money.ENDED))]


class CleanTextField(forms.CharField):
    """One line of text in any script: white space folded, control characters refused with a plain message."""

    def to_python(self, value: Any) -> str:
        text = re.sub(r"\s+", " ", super().to_python(value) or "").strip()
        if any(unicodedata.category(char) in ("Cc", "Cs") for char in text):
            raise forms.ValidationError(_("Please remove the invisible control characters."), code="control")
        return text if is_visible(text) else ""


def _amount_field(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Amount"),
        max_length=60,
        required=required,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter an amount.")},
    )


class ExpenseForm(forms.Form):
    """Adds an expense. `cleaned_data` has Decimal amount and date; `new_expense()` is what the services take.

    Without an amount it is taken from the title ("Taxi home 58"). Once valid, `from_title` says whether that happened.
    """

    title = CleanTextField(
        label=gettext_lazy("Title"),
        max_length=TITLE_LENGTH,
        error_messages={"required": gettext_lazy("What was it for? A word or two is enough.")},
    )
    amount = _amount_field(required=False)
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=currency_choices, required=False)
    spent_on = forms.DateField(
        label=gettext_lazy("Date"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Please give a date such as 2026-08-20.")},
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Category"),
        required=False,
        choices=lambda: [("", _("Automatic")), *Category.choices()],
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )
    entry_key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, home_currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.home_currency = home_currency
        self.from_title = False

    def full_clean(self) -> None:
        """As Django does; a date that is none is shown as text again, because a date field would drop it."""
        super().full_clean()
        if self.is_bound and "spent_on" in self.errors:
            self.fields["spent_on"].widget.attrs["type"] = "text"

    def clean_amount(self) -> money.ParsedAmount:
        chosen = self.data.get("currency")
        default = chosen if chosen in money.KNOWN else self.home_currency
        try:
            if not self.cleaned_data["amount"] and (found := self.split_title(default)):
                self.cleaned_data["title"], self.from_title = found.title, True
                return found.parsed
            return money.parse_amount(self.cleaned_data["amount"], default, get_language())
        except money.AmountError as error:
            raise forms.ValidationError(str(error), code="amount") from None

    def split_title(self, currency: str) -> money.TitleAndAmount | None:
        return money.split_title(self.cleaned_data.get("title", ""), currency, get_language())

    def clean_spent_on(self) -> date:
        day = self.cleaned_data["spent_on"]
        latest = latest_day(timezone.localdate())
        if not EARLIEST_DAY <= day <= latest:
            message = _("The date must lie between %(first)s and %(last)s.")
            raise forms.ValidationError(message, params={"first": EARLIEST_DAY, "last": latest}, code="range")
        return day

    def clean_note(self) -> str:
        note = self.cleaned_data["note"]
        if any(unicodedata.category(char) in ("Cc", "Cs") and char not in "\r\n\t" for char in note):
            raise forms.ValidationError(_("Please remove the invisible control characters."), code="control")
        return note.strip()

    def clean_entry_key(self) -> str:
        key = self.cleaned_data["entry_key"]
        if key and not ENTRY_KEY.fullmatch(key):
            raise forms.ValidationError(_("This form was sent in a broken state. Please reload the page."))
        return key

    def clean(self) -> dict[str, Any]:
        """A currency typed with the amount ("58 ILS") wins over the one in the list."""
        super().clean()
        data = self.cleaned_data
        if "amount" not in data or "currency" not in data:
            return data
        parsed = data["amount"]
        data["currency"] = parsed.currency or data["currency"] or self.home_currency
        data["amount"] = parsed.amount
        day = data.get("spent_on")
        if day and not money.is_valid(data["currency"], day):
            message = _("%(currency)s was not in use on that day.")
            self.add_error("currency", forms.ValidationError(message, params={"currency": data["currency"]}))
        return data

    def new_expense(self) -> NewExpense:
        return NewExpense(**{name: self.cleaned_data[name] for name in self.fields})


class RateField(forms.CharField):
    """A rate in the notations of amounts, with up to eight decimals. Empty and zero: none."""

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        try:
            rate = money.parse_rate(text, get_language()) if text else None
        except money.AmountError as error:
            raise forms.ValidationError(str(error), code="rate") from None
        return rate or None


class EditForm(ExpenseForm):
    """Edits every field of an expense; here the category stays as it is unless another one is chosen."""

    amount = _amount_field(required=True)
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=all_currency_choices)
    category = forms.ChoiceField(label=gettext_lazy("Category"), choices=Category.choices)
    own_rate = RateField(
        label=gettext_lazy("Your own rate"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text=gettext_lazy("What one unit of the currency cost you, if you know better than the rate of the day."),
    )
    own_rate_currency = forms.ChoiceField(
        label=gettext_lazy("in"), choices=lambda: [("", "—"), *currency_choices()], required=False
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "own_rate" not in data or "own_rate_currency" not in data:
            return data
        if not data["own_rate"]:
            return data | {"own_rate": None, "own_rate_currency": ""}
        data["own_rate_currency"] = data["own_rate_currency"] or self.home_currency
        if data["own_rate_currency"] == data.get("currency"):
            self.add_error("own_rate", _("An own rate leads to another currency than the amount's."))
        return data

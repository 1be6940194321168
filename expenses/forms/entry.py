"""Forms for adding and editing an expense. Their `cleaned_data` holds values as the models store them."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from classifier.categories import Kind, kind_of
from classifier.category_set import category_of, shown_categories
from classifier.merchant_name import readable
from expenses import money
from expenses.forms.fields import (
    CleanTextField,
    CurrencyField,
    RateField,
    all_currency_choices,
    named_currency_choices,
    refuse_control_characters,
    show_stored,
)
from expenses.ledger.entries import NewExpense
from expenses.ledger.filing_decisions import can_be, changes_sign
from expenses.models import Expense
from expenses.models.limits import ACCOUNT_LENGTH, NOTE_LENGTH, TITLE_LENGTH, TYPED_AMOUNT_LENGTH
from expenses.months import EARLIEST_DAY, latest_day

_MOST_OF_A_TITLE = 1000
_ENTRY_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")


def _amount_field(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Amount"),
        max_length=TYPED_AMOUNT_LENGTH,
        required=required,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter an amount.")},
    )


class ExpenseForm(forms.Form):
    """Form for a new entry; once it is valid, `new_expense()` returns what `add_expense` takes.

    Without an amount, the amount comes from the title ("Taxi home 58"), and `from_title` becomes True. "Salary 9000 in"
    is income. The amount of income is typed positive and stored negative, because it came in. A kind wins over a
    category of another kind.
    """

    title = CleanTextField(
        label=gettext_lazy("Title"),
        max_length=TITLE_LENGTH,
        error_messages={"required": gettext_lazy("What was it for? A word or two is enough.")},
    )
    amount = _amount_field(required=False)
    currency: forms.ChoiceField = CurrencyField(label=gettext_lazy("Currency"), required=False)
    spent_on = forms.DateField(
        label=gettext_lazy("Date"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Category"),
        required=False,
        choices=lambda: [("", _("Automatic")), *shown_categories().select_choices()],
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False, choices=lambda: [("", ""), *Kind.choices])
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )
    entry_key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, home_currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.home_currency = home_currency
        self.from_title = self.came_in = False

    def full_clean(self) -> None:
        """Validate the form. An invalid date is shown in a text field, because a date field would drop it."""
        super().full_clean()
        if self.is_bound and "spent_on" in self.errors:
            self.fields["spent_on"].widget.attrs["type"] = "text"

    def clean_amount(self) -> money.ParsedAmount:
        chosen = self.data.get(self.add_prefix("currency"))
        default = chosen if chosen in money.KNOWN else self.home_currency
        try:
            if not self.cleaned_data["amount"] and (found := self._read_title(default)):
                self.cleaned_data["title"], self.from_title = found.title, True
                return found.parsed
            return money.parse_typed_amount(self.cleaned_data["amount"], default, get_language())
        except money.UnknownCurrencyError as error:
            message = _("%(problem)s Enter the amount here and choose a different currency.")
            raise forms.ValidationError(message, params={"problem": error}, code="amount") from None
        except money.AmountError as error:
            raise forms.ValidationError(str(error), code="amount") from None

    def _read_title(self, currency: str) -> money.TitleAndAmount | None:
        # A title that is too long is read, too: without its amount there would be a second error.
        title = self.cleaned_data.get("title") or self.data.get(self.add_prefix("title"), "")[-_MOST_OF_A_TITLE:]
        if (rest := money.without_came_in(title)) and (found := money.split_title(rest, currency, get_language())):
            self.came_in = True
            return found
        return money.split_title(title, currency, get_language())

    def clean_spent_on(self) -> date:
        day = self.cleaned_data["spent_on"]
        latest = latest_day(timezone.localdate())
        if not EARLIEST_DAY <= day <= latest:
            message = _("The date must be between %(first)s and %(last)s.")
            raise forms.ValidationError(message, params={"first": EARLIEST_DAY, "last": latest}, code="range")
        return day

    def clean_note(self) -> str:
        note = self.cleaned_data["note"]
        refuse_control_characters(note, allowed="\r\n\t")
        return note.strip()

    def clean_entry_key(self) -> str:
        key = self.cleaned_data["entry_key"]
        if key and not _ENTRY_KEY.fullmatch(key):
            raise forms.ValidationError(_("Part of this form is missing. Reload the page and try again."))
        return key

    def clean(self) -> dict[str, Any]:
        """Combine amount and currency. A currency typed with the amount ("58 ILS") wins over the one in the list."""
        super().clean()
        data = self.cleaned_data
        if "amount" not in data or "currency" not in data:
            return data
        parsed = data["amount"]
        data["currency"] = parsed.currency or data["currency"] or self.home_currency
        data["amount"] = self._stored_amount(parsed.amount)
        day = data.get("spent_on")
        if day and not money.is_valid(data["currency"], day):
            message = _("%(currency)s was not in use on that day.")
            self.add_error("currency", forms.ValidationError(message, params={"currency": data["currency"]}))
        return data

    def _stored_amount(self, typed: Decimal) -> Decimal:
        """Decide the kind, and return the amount with the sign to store: positive if it left the account."""
        data = self.cleaned_data
        if self.came_in and not data.get("kind") and not data.get("category"):
            data["kind"] = Kind.RECEIVED
        kind = data.get("kind") or (data.get("category") and kind_of(data["category"]))
        if data.get("category") and kind_of(data["category"]) != kind:
            data["category"] = ""
        return -typed if kind == Kind.RECEIVED else typed

    def new_expense(self) -> NewExpense:
        return NewExpense(**{name: self.cleaned_data[name] for name in self.fields})


def shown_amount(stored: Expense) -> Decimal:
    """Return the amount of a stored entry as the form shows it: income is positive."""
    return money.quantize(-stored.amount if stored.kind == Kind.RECEIVED else stored.amount, stored.currency)


class EditForm(ExpenseForm):
    """Form for every field of a stored entry. The amount and the category are required here, or a kind instead.

    stored: the entry as it is. Another category does to an unchanged amount what it does in the list. A statement knows
    whether an amount left the account or came in, so there another sign alone changes nothing.
    """

    amount = _amount_field(required=True)
    currency = forms.ChoiceField(label=gettext_lazy("Currency"))
    category = forms.ChoiceField(label=gettext_lazy("Category"), choices=lambda: shown_categories().select_choices())
    one_off = forms.BooleanField(
        label=gettext_lazy("One-off"),
        required=False,
        help_text=gettext_lazy("Counts in every total. Averages, trends and comparisons leave it out."),
    )
    account = CleanTextField(
        label=gettext_lazy("Account"),
        required=False,
        max_length=ACCOUNT_LENGTH,
        help_text=gettext_lazy("The account or card it was paid with, in your own words."),
    )
    shown_title = CleanTextField(
        label=gettext_lazy("Name in lists"),
        required=False,
        max_length=TITLE_LENGTH,
        help_text=gettext_lazy(
            "What lists and charts show instead of the title. Leave it empty to use the name that FinBrain found."
        ),
    )
    own_rate = RateField(
        label=gettext_lazy("Your own rate"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text=gettext_lazy("What one unit of the currency cost you, if that differs from the rate of the day."),
    )
    own_rate_currency = forms.ChoiceField(label=gettext_lazy("in"), required=False)

    def __init__(self, *args: Any, stored: Expense | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored = stored
        home = self.home_currency
        rate_currencies = [("", "—"), *named_currency_choices(home)]
        offered = {"currency": all_currency_choices(home), "own_rate_currency": rate_currencies}
        for name, choices in offered.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices
            show_stored(field, self.initial.get(name, ""))
        self.fields["shown_title"].widget.attrs["placeholder"] = readable(self.initial.get("title", ""))
        category, slug = self.fields["category"], self.initial.get("category", "")
        show_stored(category, slug, str(category_of(slug).name))
        if isinstance(category, forms.ChoiceField):
            category.choices = list(category.widget.choices)  # it may stay, because another release may know it
        if self.data.get("kind"):
            self.fields["category"].required = False

    def _stored_amount(self, typed: Decimal) -> Decimal:
        amount, stored = super()._stored_amount(typed), self.stored
        if stored is None:
            return amount
        category, imported = self.cleaned_data.get("category", ""), stored.import_batch is not None
        kind = self.cleaned_data.get("kind") or kind_of(category)
        is_other = category != category_of(stored.category).slug
        if is_other and not can_be(kind, stored.amount, stored.kind, imported=imported):
            self.add_error("category", _("This money left your account, so it can't be income."))
        if typed == shown_amount(stored):
            turns = changes_sign(stored.amount, stored.kind, kind, imported=imported)
            return -stored.amount if turns else stored.amount
        return stored.amount if imported and amount == -stored.amount else amount

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "own_rate" not in data or "own_rate_currency" not in data:
            return data
        if not data["own_rate"]:
            return data | {"own_rate": None, "own_rate_currency": ""}
        data["own_rate_currency"] = data["own_rate_currency"] or self.home_currency
        if data["own_rate_currency"] == data.get("currency"):
            self.add_error("own_rate", _("Your rate must convert to a different currency."))
        return data

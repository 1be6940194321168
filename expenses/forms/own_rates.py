"""Forms for a ledger's own exchange rates."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from expenses.forms.fields import all_currency_choices, currency_choices
from expenses.models.own_rates import LedgerRate, currency_set
from expenses.months import EARLIEST_DAY, latest_day
from expenses.people.own_rates import OwnRatesError, read_rate


class OwnRateForm(forms.Form):
    """Form for one rate: from a day on, one `unit` is `rate` `currency`."""

    unit = forms.ChoiceField(label=gettext_lazy("One unit of"), choices=currency_choices)
    rate = forms.CharField(
        label=gettext_lazy("equals"),
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    currency = forms.ChoiceField(label=gettext_lazy("in"), choices=all_currency_choices)
    since = forms.DateField(
        label=gettext_lazy("Applies from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("That isn't a date. Write it like 2026-08-20.")},
    )

    def clean_rate(self) -> Decimal:
        try:
            return read_rate(self.cleaned_data["rate"])
        except OwnRatesError as error:
            raise forms.ValidationError(str(error)) from None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("unit") and data["unit"] == data.get("currency"):
            self.add_error("currency", _("Your rate must convert to a different currency."))
        since = data.get("since")
        latest = latest_day(timezone.localdate())
        if since and not EARLIEST_DAY <= since <= latest:
            message = _("The date must be between %(first)s and %(last)s.")
            self.add_error("since", message % {"first": EARLIEST_DAY, "last": latest})
        return data

    def ledger_rate(self, home: str) -> LedgerRate:
        """Return the rate. home: the ledger's home currency, which decides what it sets."""
        data = self.cleaned_data
        unit, currency = data["unit"], data["currency"]
        return LedgerRate(data["since"], unit, data["rate"], currency, currency_set(unit, currency, home))

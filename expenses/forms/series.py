"""The form for a series, made by hand or corrected."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from classifier.categories import Kind, kind_of
from classifier.category_set import shown_categories
from expenses import money
from expenses.forms.fields import CleanTextField, all_currency_choices
from expenses.models.limits import ACCOUNT_LENGTH, NOTE_LENGTH, TITLE_LENGTH
from expenses.models.series import Series
from expenses.recurring.cycles import Cycle
from expenses.recurring.names import merchant_text

_MOST_DAYS, _MOST_PAYMENTS = 400, 1000
_OWN_TEXT = {"inputmode": "decimal", "autocomplete": "off"}


def _day(label: Any, *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class SeriesForm(forms.Form):
    """Form for a series. The amounts are typed and stored positive; the category says whether it comes in."""

    name = CleanTextField(label=gettext_lazy("Name"), max_length=TITLE_LENGTH)
    category = forms.ChoiceField(label=gettext_lazy("Category"), choices=lambda: shown_categories().select_choices())
    cycle = forms.ChoiceField(label=gettext_lazy("How often"), choices=Cycle.choices)
    next_on = _day(gettext_lazy("Next on"), required=True)
    low = forms.CharField(label=gettext_lazy("Amount"), max_length=60, widget=forms.TextInput(attrs=_OWN_TEXT))
    high = forms.CharField(
        label=gettext_lazy("Up to"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs=_OWN_TEXT),
        help_text=gettext_lazy("Only if the amount varies."),
    )
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=all_currency_choices)
    account = CleanTextField(label=gettext_lazy("Account"), max_length=ACCOUNT_LENGTH, required=False)
    cancel_by = _day(gettext_lazy("Cancel by"))
    notice_days = forms.IntegerField(
        label=gettext_lazy("Notice period in days"), required=False, min_value=0, max_value=_MOST_DAYS
    )
    ends_on = _day(gettext_lazy("Ends on"))
    payments = forms.IntegerField(
        label=gettext_lazy("Number of payments"), required=False, min_value=1, max_value=_MOST_PAYMENTS
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_low(self) -> Decimal:
        return self._amount("low")

    def clean_high(self) -> Decimal | None:
        return self._amount("high") if self.cleaned_data["high"] else None

    def _amount(self, name: str) -> Decimal:
        chosen = self.data.get("currency", "")
        code = chosen if chosen in money.KNOWN else money.EUR
        try:
            parsed = money.parse_amount(self.cleaned_data[name], code, get_language())
        except money.AmountError as error:
            raise forms.ValidationError(str(error), code="amount") from None
        if parsed.amount <= 0:
            raise forms.ValidationError(_("Enter an amount above zero."), code="amount")
        return parsed.amount

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("low") and data.get("high") and data["high"] < data["low"]:
            self.add_error("high", _("The highest amount can't be less than the lowest."))
        if data.get("category") and kind_of(data["category"]) == Kind.MOVED:
            message = _("Money between your own accounts is neither spent nor received. Choose a different category.")
            self.add_error("category", message)
        return data

    def apply_to(self, series: Series) -> None:
        """Set the fields of a series, which a person has then decided about. Doesn't save it."""
        for name, value in self.cleaned_data.items():
            setattr(series, name, value)
        series.high = self.cleaned_data["high"] or self.cleaned_data["low"]
        series.is_income = kind_of(series.category) == Kind.RECEIVED
        series.texts = [*dict.fromkeys([*series.texts, merchant_text(series.name)])]
        series.confidence = None


def initial_of_series(series: Series) -> dict[str, Any]:
    """Return what the form shows for a stored series."""
    values = {name: getattr(series, name) for name in SeriesForm.base_fields}
    low, high = (format(money.quantize(each, series.currency), "f") for each in (series.low, series.high))
    return values | {"low": low, "high": high if high != low else ""}

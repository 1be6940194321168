"""Forms for uploading a statement and choosing how to read it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.choices import flatten_choices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from classifier.category_set import shown_categories
from expenses.forms.fields import all_currency_choices
from expenses.importing.choices import Choices
from expenses.models.documents import DraftTable
from expenses.models.limits import ACCOUNT_LENGTH
from expenses.statements import needed_columns
from expenses.statements.guess import ONE_WAY
from expenses.statements.size_limits import check_size
from expenses.statements.statement import Column, DateOrder, Mapping, Sign, StatementError

# How many years are offered for days without one.
_YEARS = 10
_ACCEPTED = ".csv,.txt,.tsv,.xlsx,.xls,.ods,.ofx,.qfx,.qif,.sta,.mt940,.xml,.zip,.html,.json"
_LABELS = {
    Column.DATE: gettext_lazy("Date"),
    Column.TITLE: gettext_lazy("Title"),
    Column.AMOUNT: gettext_lazy("Amount"),
    Column.MONEY_OUT: gettext_lazy("Money out"),
    Column.MONEY_IN: gettext_lazy("Money in"),
    Column.CURRENCY: gettext_lazy("Currency"),
    Column.CATEGORY: gettext_lazy("Category"),
    Column.NOTE: gettext_lazy("Note"),
}
_MISSING = {
    Column.DATE: gettext_lazy("FinBrain needs a date column. Choose it here."),
    Column.TITLE: gettext_lazy("FinBrain needs a title column. Choose it here."),
    Column.AMOUNT: gettext_lazy("FinBrain needs an amount column. Choose it here, or choose a money out column."),
}
_DATE_ORDERS = (
    (DateOrder.DAY_FIRST.value, gettext_lazy("day, month, year (31.12.2026)")),
    (DateOrder.MONTH_FIRST.value, gettext_lazy("month, day, year (12/31/2026)")),
    (DateOrder.YEAR_FIRST.value, gettext_lazy("year, month, day (2026-12-31)")),
)
_DECIMALS = ((".", gettext_lazy("point (1,234.50)")), (",", gettext_lazy("comma (1.234,50)")))
_SIGNS = (
    (Sign.SPENT_IS_NEGATIVE.value, gettext_lazy("minus sign (-12.50)")),
    (Sign.SPENT_IS_POSITIVE.value, gettext_lazy("no sign (12.50)")),
)


class UploadForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("Statement"), widget=forms.FileInput(attrs={"accept": _ACCEPTED}))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            check_size(file.size)
        except StatementError as error:
            raise forms.ValidationError(str(error), code="size") from None
        return file


class AccountForm(forms.Form):
    """Options for a file whose columns are already known, such as OFX."""

    account = forms.CharField(
        label=gettext_lazy("Account"),
        required=False,
        max_length=ACCOUNT_LENGTH,
        widget=forms.TextInput(attrs={"list": "account-labels", "autocomplete": "off"}),
        help_text=gettext_lazy("Optional. It helps FinBrain find transfers between your accounts."),
    )

    def choices(self) -> Choices:
        return Choices(None, self.cleaned_data["account"])

    @classmethod
    def values_of(cls, choices: Choices) -> dict[str, Any]:
        return {"account": choices.account}


class _ColumnsForm(AccountForm):
    """Options for a table: which column holds what, and how dates and amounts are written."""

    date_order = forms.ChoiceField(label=gettext_lazy("Date format"), choices=_DATE_ORDERS)
    decimal = forms.ChoiceField(label=gettext_lazy("Decimal separator"), choices=_DECIMALS)
    sign = forms.ChoiceField(label=gettext_lazy("Sign of money spent"), choices=_SIGNS)
    currency = forms.ChoiceField(label=gettext_lazy("Default currency"), choices=all_currency_choices)

    def __init__(self, *args: Any, columns: Sequence[Sequence[str]], year: int | None = None, **kwargs: Any) -> None:
        """columns: name and example of each column of the table. year: of the last day, if it is assumed."""
        super().__init__(*args, **kwargs)
        if year:
            years = [(str(back), str(year - back)) for back in range(_YEARS)]
            self.fields["years_back"] = forms.ChoiceField(label=_("Year of the last day"), choices=years)
        offered = [("", _("none")), *(_column_choice(place, *column) for place, column in enumerate(columns))]
        needed = self.needed()
        for column, label in _LABELS.items():
            said = {"required": _MISSING[column]} if column in needed else None
            field = forms.ChoiceField(label=label, choices=offered, required=column in needed, error_messages=said)
            self.fields[_column_field(column)] = field
        self.order_fields(
            [*map(_column_field, _LABELS), "years_back", "date_order", "decimal", "sign", "currency", "account"]
        )

    def needed(self) -> list[Column]:
        """The required columns. Money out or money in can replace the amount."""
        instead = {column: 0 for column in ONE_WAY if self.data.get(_column_field(column))}
        return needed_columns(Mapping(instead, DateOrder.YEAR_FIRST, ".", Sign.SPENT_IS_POSITIVE, ""))

    def choices(self) -> Choices:
        data = self.cleaned_data
        columns = {column: int(data[_column_field(column)]) for column in _LABELS if data[_column_field(column)]}
        kinds = DateOrder(data["date_order"]), data["decimal"], Sign(data["sign"]), data["currency"]
        return Choices(Mapping(columns, *kinds, int(data.get("years_back", 0))), data["account"])

    @classmethod
    def values_of(cls, choices: Choices) -> dict[str, Any]:
        mapping = choices.mapping
        if mapping is None:
            return super().values_of(choices)
        columns = {_column_field(column): str(index) for column, index in mapping.columns.items()}
        names = ("date_order", "decimal", "sign", "currency", "years_back")
        return super().values_of(choices) | columns | {name: getattr(mapping, name) for name in names}


def _column_field(column: Column) -> str:
    return f"column_{column.value}"


def _column_choice(place: int, name: str, example: str) -> tuple[str, str]:
    """The choice of a column: its index, and its name with an example."""
    name = name or _("Column %(n)d") % {"n": place + 1}
    return str(place), f"{name} · {example}" if example else name


def preview_form(table: DraftTable | None, values: Any) -> AccountForm:
    """The form for a file, bound to `values`. table: what its draft keeps, None if the file is no table."""
    if table is None:
        return AccountForm(values)
    return _ColumnsForm(values, columns=table["columns"], year=table.get("year"))


def preview_values(choices: Choices) -> dict[str, Any]:
    """The form data that a browser would send for these choices."""
    return (_ColumnsForm if choices.mapping else AccountForm).values_of(choices)


def category_choices() -> list[Any]:
    """The choices for what a category of the file means: the categories for typed expenses."""
    return [("", _("Automatic")), *shown_categories().select_choices()]


def sent_meanings(sent: Sequence[str]) -> dict[str, str]:
    """Read texts such as "3f2a9c01b7de:food-drinks", the key of a file's category and a slug that is offered."""
    offered = dict(flatten_choices(category_choices()))
    pairs = (text.partition(":") for text in sent)
    return {key: slug for key, _colon, slug in pairs if slug in offered}

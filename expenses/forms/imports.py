"""Forms for uploading a statement and choosing how to read it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from expenses.forms.entry import all_currency_choices
from expenses.importing.choices import Choices
from expenses.statements import needed_columns
from expenses.statements.guess import ONE_WAY
from expenses.statements.size_limits import check_size
from expenses.statements.statement import Column, DateOrder, Mapping, Reading, Sign, StatementError, Table

_ACCEPTED = ".csv,.txt,.tsv,.xlsx,.xls,.ods,.ofx,.qfx,.qif,.sta,.mt940,.xml,.zip,.html,.json"
# Characters of a column's name and of its example that are shown.
NAME_LENGTH, _EXAMPLE_LENGTH = 60, 24
LABELS = {
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
    file = forms.FileField(
        label=gettext_lazy("Statement"),
        widget=forms.FileInput(attrs={"accept": _ACCEPTED, "class": "drop"}),
        error_messages={
            "required": gettext_lazy("Choose a file first."),
            "empty": gettext_lazy("The file is empty. Choose another one."),
        },
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            check_size(file.size)
        except StatementError as error:
            raise forms.ValidationError(str(error), code="size") from None
        return file


class MoneyInForm(forms.Form):
    """Options for a file whose columns are already known, such as OFX."""

    spending_only = forms.BooleanField(
        label=gettext_lazy("Leave out money received"),
        required=False,
        help_text=gettext_lazy("Otherwise it is imported as refunds, which lower your totals."),
    )

    def choices(self) -> Choices:
        return Choices(None, money_in=not self.cleaned_data["spending_only"])

    @classmethod
    def values_of(cls, choices: Choices) -> dict[str, Any]:
        return {} if choices.money_in else {"spending_only": "on"}


class ColumnsForm(MoneyInForm):
    """Options for a table: which column holds what, and how dates and amounts are written."""

    date_order = forms.ChoiceField(label=gettext_lazy("Date format"), choices=_DATE_ORDERS)
    decimal = forms.ChoiceField(label=gettext_lazy("Decimal separator"), choices=_DECIMALS)
    sign = forms.ChoiceField(label=gettext_lazy("Sign of money spent"), choices=_SIGNS)
    currency = forms.ChoiceField(label=gettext_lazy("Default currency"), choices=all_currency_choices)

    def __init__(self, *args: Any, table: Table, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [("", _("none")), *_columns_of(table)]
        needed = self.needed()
        for column, label in LABELS.items():
            said = {"required": _MISSING[column]} if column in needed else None
            field = forms.ChoiceField(label=label, choices=offered, required=column in needed, error_messages=said)
            self.fields[_column_field(column)] = field
        self.order_fields([*map(_column_field, LABELS), "date_order", "decimal", "sign", "currency", "spending_only"])

    def needed(self) -> list[Column]:
        """The required columns. Money out or money in can replace the amount."""
        instead = {column: 0 for column in ONE_WAY if self.data.get(_column_field(column))}
        return needed_columns(Mapping(instead, DateOrder.YEAR_FIRST, ".", Sign.SPENT_IS_POSITIVE, ""))

    def choices(self) -> Choices:
        data = self.cleaned_data
        columns = {column: int(data[_column_field(column)]) for column in LABELS if data[_column_field(column)]}
        kinds = DateOrder(data["date_order"]), data["decimal"], Sign(data["sign"]), data["currency"]
        return Choices(Mapping(columns, *kinds), money_in=not data["spending_only"])

    @classmethod
    def values_of(cls, choices: Choices) -> dict[str, Any]:
        mapping = choices.mapping
        if mapping is None:
            return super().values_of(choices)
        columns = {_column_field(column): str(index) for column, index in mapping.columns.items()}
        names = ("date_order", "decimal", "sign", "currency")
        return super().values_of(choices) | columns | {name: getattr(mapping, name) for name in names}


def _column_field(column: Column) -> str:
    return f"column_{column.value}"


def _columns_of(table: Table) -> list[tuple[str, str]]:
    """Choices of all columns: index, and name with the first value as an example."""
    return [(str(index), _column_name(table, index)) for index in range(len(table.header))]


def _column_name(table: Table, index: int) -> str:
    name = table.header[index].strip()[:NAME_LENGTH] or _("Column %(n)d") % {"n": index + 1}
    example = next((row[index] for row in table.rows if row[index].strip()), "")
    return f"{name} · {example[:_EXAMPLE_LENGTH]}" if example else name


def look_form(read: Table | Reading, values: Any) -> MoneyInForm:
    """The form for a file's content, bound to `values`."""
    return MoneyInForm(values) if isinstance(read, Reading) else ColumnsForm(values, table=read)


def look_values(choices: Choices) -> dict[str, Any]:
    """The form data that a browser would send for these choices."""
    return (ColumnsForm if choices.mapping else MoneyInForm).values_of(choices)

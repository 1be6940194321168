"""The form for one row of a preview."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from classifier.categories import Kind
from classifier.category_set import category_of
from expenses.forms.entry import ExpenseForm
from expenses.forms.fields import all_currency_choices
from expenses.importing.preview import KIND_NAMES
from expenses.importing.raw_rows import RowValues
from expenses.statements.statement import Entry

_PREFIX = "row"


class RowForm(ExpenseForm):
    """Form for a row of a statement as the person wants it; once it is valid, `entry()` returns the row."""

    note = None
    entry_key = None
    amount = forms.CharField(
        label=gettext_lazy("Amount"),
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter an amount.")},
        help_text=gettext_lazy("With a minus if it came in."),
    )
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=all_currency_choices)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), required=False, choices=lambda: [("", _("Automatic")), *KIND_NAMES.items()]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix=_PREFIX, **kwargs)
        self.fields["title"].widget.attrs["autofocus"] = True

    def entry(self, line: int) -> Entry:
        """The row. A category that the person chose is confirmed."""
        new = self.new_expense()
        return Entry(
            *(line, new.spent_on, new.title, new.amount, new.currency),
            category=new.chosen,
            reviewed=bool(new.chosen),
            kind=new.kind,
        )


def form_values(entry: Entry) -> RowValues:
    """The values of the form for a row as FinBrain read it."""
    amount = -entry.amount if entry.kind == Kind.RECEIVED else entry.amount
    return {
        "title": entry.title,
        "amount": format(amount, "f"),
        "currency": entry.currency,
        "spent_on": entry.spent_on,
        "category": entry.category and category_of(entry.category).slug,
        "kind": entry.kind,
    }

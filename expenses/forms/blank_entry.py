"""The quick-add form before anybody typed."""

from datetime import date
from typing import TypedDict


class _Field(TypedDict):
    """A field. value: what is in it. errors: none, as text."""

    value: object
    errors: str


class BlankEntry(TypedDict):
    """A new `ExpenseForm` for its template. Django would copy every field of the form."""

    home_currency: str
    currency: _Field
    spent_on: _Field
    entry_key: _Field
    title: _Field
    amount: _Field
    category: _Field
    kind: _Field
    note: _Field
    non_field_errors: str


def blank_entry(home_currency: str, today: date, entry_key: str) -> BlankEntry:
    """Return the form that offers the home currency and today.

    entry_key: ensures that a form sent twice adds one expense.
    """
    empty = _with("")
    return {
        "home_currency": home_currency,
        "currency": _with(home_currency),
        "spent_on": _with(today),
        "entry_key": _with(entry_key),
        "title": empty,
        "amount": empty,
        "category": empty,
        "kind": empty,
        "note": empty,
        "non_field_errors": "",
    }


def _with(value: object) -> _Field:
    return {"value": value, "errors": ""}

"""FinBrain's own exports: what is in them, and how the JSON one is read."""

import json
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from expenses.statements.cells import (
    CellError,
    category_of,
    check_currency,
    check_day,
    day_of,
    money_of,
    title_and_note,
)
from expenses.statements.statement import (
    MAX_ROWS,
    Column,
    DateOrder,
    Entry,
    Mapping,
    Problem,
    Reading,
    Sign,
    StatementError,
)

OWN_COLUMNS = ("Date", "Title", "Amount", "Currency", "Category", "Note", "Reviewed", "Confidence")
YES = "yes"
VERSION = 1


def is_own(header: tuple[str, ...]) -> bool:
    """Whether a table is an export of FinBrain."""
    return header[: len(OWN_COLUMNS)] == OWN_COLUMNS


def own_mapping(home_currency: str) -> Mapping:
    """How such a table is to be understood; nothing has to be guessed."""
    columns = {Column(name.lower()): place for place, name in enumerate(OWN_COLUMNS) if name.lower() in list(Column)}
    return Mapping(columns, DateOrder.YEAR_FIRST, ".", Sign.SPENT_IS_POSITIVE, home_currency)


def read_own_json(text: str) -> Reading:
    """The expenses of a JSON export; their `line` is their place in its list, counted from 1."""
    try:
        document = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise StatementError(_("This JSON file is damaged: it cannot be read to its end.")) from None
    rows = document.get("expenses") if isinstance(document, dict) and "finbrain" in document else None
    if not isinstance(rows, list):
        raise StatementError(_("This JSON file is not an export of FinBrain, the only ones that can be read."))
    if document["finbrain"] != VERSION:
        raise StatementError(_("This file was written by a newer FinBrain."))
    if not rows:
        raise StatementError(_("There are no expenses in this file."))
    if len(rows) > MAX_ROWS:
        text = _("The file has more than %(most)s rows. Split it, by year perhaps.")
        raise StatementError(text % {"most": f"{MAX_ROWS:,}"})
    found = [read_row(place, row if isinstance(row, dict) else {}) for place, row in enumerate(rows, 1)]
    entries = tuple(one for one in found if isinstance(one, Entry))
    return Reading(entries, tuple(one for one in found if isinstance(one, Problem)))


def read_row(place: int, row: dict[str, Any]) -> Entry | Problem:
    texts = {name: "" if value is None else str(value) for name, value in row.items()}
    try:
        day = check_day(day_of(texts.get("date", ""), DateOrder.YEAR_FIRST), texts.get("date", ""))
        amount, currency = money_of(texts.get("amount", ""), texts.get("currency", ""), ".")
        check_currency(currency, day)
        title, note = title_and_note(texts.get("title", ""), texts.get("note", ""))
    except CellError as error:
        return Problem(place, error.column, error.text, str(error))
    category = category_of(texts.get("category", ""))
    reviewed = bool(category) and row.get("reviewed") is True
    return Entry(place, day, title, amount, currency, category, reviewed, note, "")

"""FinBrain's own exports: what is in them, and how the JSON one is read."""

import json
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
from expenses.statements.size_limits import check_rows
from expenses.statements.statement import (
    Column,
    DateOrder,
    Entry,
    Problem,
    Reading,
    StatementError,
)

OWN_COLUMNS = ("Date", "Title", "Amount", "Currency", "Category", "Note", "Reviewed", "Confidence")
NAMES = {name.lower() for name in OWN_COLUMNS}
# In an export, and in the download of everything.
YES = ("yes", "true")
# Only the download has it, and what is in the trash too.
TRASH = "deleted_at"
VERSION = 1


def is_own(header: tuple[str, ...]) -> bool:
    """Whether a table is an export of FinBrain, or its download of everything."""
    return NAMES.issubset(name.lower() for name in header)


def own_columns(header: tuple[str, ...]) -> dict[Column, int]:
    """Where the columns of such a table are; days and amounts may have become those of a spreadsheet's country."""
    places = {name.lower(): place for place, name in enumerate(header)}
    return {column: places[column] for column in Column if column in NAMES}


def read_own_json(text: str) -> Reading:
    """The expenses of a JSON file, without those in the trash; `line` is their place in its list, counted from 1."""
    try:
        document = json.loads(text, parse_float=str)
    except (ValueError, RecursionError):
        raise StatementError(_("This JSON file is damaged: it cannot be read to its end.")) from None
    rows = _own_rows(document)
    if not rows:
        raise StatementError(_("There are no expenses in this file."))
    check_rows(len(rows))
    found = [_read_row(place, row) for place, row in enumerate(rows, 1) if not row.get(TRASH)]
    entries = tuple(one for one in found if isinstance(one, Entry))
    return Reading(entries, tuple(one for one in found if isinstance(one, Problem)))


def _own_rows(document: Any) -> list[dict[str, Any]]:
    """The list in an export, or that of the download. Raises StatementError for anything else."""
    is_export = isinstance(document, dict) and "finbrain" in document
    if is_export and document["finbrain"] != VERSION:
        raise StatementError(_("This file was written by a newer FinBrain."))
    rows = document.get("expenses") if is_export else document
    if not isinstance(rows, list) or not all(isinstance(row, dict) and row.keys() >= NAMES for row in rows):
        raise StatementError(_("This JSON file is not an export of FinBrain, the only ones that can be read."))
    return rows


def _read_row(place: int, row: dict[str, Any]) -> Entry | Problem:
    texts = {name: str(row[name]) if isinstance(row[name], str | int) else "" for name in NAMES}
    try:
        day = check_day(day_of(texts["date"], DateOrder.YEAR_FIRST), texts["date"])
        amount, currency = money_of(texts["amount"], texts["currency"], ".")
        check_currency(currency, day)
        title, note = title_and_note(texts["title"], texts["note"])
    except CellError as error:
        return Problem(place, error.column, error.text, str(error))
    category = category_of(texts["category"])
    reviewed = bool(category) and row.get("reviewed") is True
    return Entry(place, day, title, amount, currency, category, reviewed, note, "")

"""FinBrain's own exports: their columns, and the reader of JSON exports."""

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
# In an export, and in the download of all data.
YES = ("yes", "true")
# Only in the download, which includes the trash.
TRASH = "deleted_at"
VERSION = 1


def is_own(header: tuple[str, ...]) -> bool:
    """Whether a table is a FinBrain export or part of its download of all data."""
    return NAMES.issubset(name.lower() for name in header)


def own_columns(header: tuple[str, ...]) -> dict[Column, int]:
    """The indexes of the columns in such a table. A spreadsheet may have reformatted its dates and amounts."""
    places = {name.lower(): place for place, name in enumerate(header)}
    return {column: places[column] for column in Column if column in NAMES}


def read_own_json(text: str) -> Reading:
    """Read the expenses of a JSON export, without the trash. `line` is the position in its list, from 1."""
    try:
        document = json.loads(text, parse_float=str)
    except (ValueError, RecursionError):
        raise StatementError(_("This JSON file is damaged. Export it again.")) from None
    rows = _own_rows(document)
    if not rows:
        raise StatementError(_("This file has no expenses. Choose another export."))
    check_rows(len(rows))
    found = [_read_row(place, row) for place, row in enumerate(rows, 1) if not row.get(TRASH)]
    entries = tuple(one for one in found if isinstance(one, Entry))
    return Reading(entries, tuple(one for one in found if isinstance(one, Problem)))


def is_own_json(document: Any) -> bool:
    return isinstance(document, dict) and "finbrain" in document


def _own_rows(document: Any) -> list[dict[str, Any]]:
    """Return the list of expenses of an export or a download. Raises StatementError for any other JSON."""
    is_export = is_own_json(document)
    if is_export and document["finbrain"] != VERSION:
        raise StatementError(
            _("This file comes from a newer version of FinBrain. Export the expenses as CSV there and import that.")
        )
    rows = document.get("expenses") if is_export else document
    if not isinstance(rows, list) or not all(isinstance(row, dict) and row.keys() >= NAMES for row in rows):
        raise StatementError(
            _("This JSON file isn't a FinBrain export. Choose a FinBrain export, or a statement as CSV, Excel or OFX.")
        )
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

"""FinBrain's own exports: their columns, and the reader of JSON exports."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from classifier.categories import Kind, kind_of
from expenses.models.limits import ACCOUNT_LENGTH
from expenses.statements.cells import (
    CellError,
    category_named,
    check_currency,
    check_day,
    day_of,
    kind_named,
    money_of,
    title_and_note,
)
from expenses.statements.long_files import MOST_IN_A_PART, LongFile
from expenses.statements.size_limits import check_rows
from expenses.statements.statement import (
    MAX_ROWS,
    Column,
    DateOrder,
    Entry,
    Problem,
    Reading,
    StatementError,
)

# Since the first release.
_ALWAYS = ("Date", "Title", "Amount", "Currency", "Category", "Note", "Reviewed", "Confidence")
OWN_COLUMNS = (*_ALWAYS, "Kind", "Account", "One-off", "Base category")
_NAMES = {name.lower() for name in _ALWAYS}
ONE_OFF = "one-off"
BASE_CATEGORY = "base category"
# In an export, and in the download of all data.
YES = ("yes", "true")
# Only in the download, which includes the trash.
TRASH = "deleted_at"
VERSION = 1


def is_own_table(header: tuple[str, ...]) -> bool:
    """Whether a table is a FinBrain export or part of its download of all data."""
    return _NAMES.issubset(name.lower() for name in header)


def own_columns(header: tuple[str, ...]) -> dict[Column, int]:
    """The indexes of the columns in such a table. A spreadsheet may have reformatted its dates and amounts."""
    places = {name.lower(): place for place, name in enumerate(header)}
    return {column: places[column] for column in Column if column in places}


def read_own_json(document: Any) -> Reading | LongFile:
    """Read the expenses of a JSON export, without the trash. `line` is the position in its list, from 1."""
    rows = _own_rows(document)
    if not rows:
        raise StatementError(_("This file has no expenses. Choose another export."))
    check_rows(len(rows), MAX_ROWS)
    if len(rows) <= MOST_IN_A_PART:
        return OwnReader().read_rows(rows)
    parts = (rows[start : start + MOST_IN_A_PART] for start in range(0, len(rows), MOST_IN_A_PART))
    accounts = frozenset(str(row.get("account") or "") for row in rows)
    return LongFile("json", tuple(map(json.dumps, parts)), asdict(OwnReader()), accounts)


@dataclass
class OwnReader:
    """Reads expenses, all at once or part by part. number: of those so far."""

    number: int = 0

    def read(self, text: str) -> Reading:
        return self.read_rows(json.loads(text))

    def read_rows(self, rows: Sequence[dict[str, Any]]) -> Reading:
        found = [_read_row(place, row) for place, row in enumerate(rows, self.number + 1) if not row.get(TRASH)]
        self.number += len(rows)
        entries = tuple(one for one in found if isinstance(one, Entry))
        return Reading(entries, tuple(one for one in found if isinstance(one, Problem)))


def is_own_json(document: Any) -> bool:
    """Whether a JSON document is an export, or the list of expenses in a download."""
    if isinstance(document, dict):
        return "finbrain" in document
    return isinstance(document, list) and any(isinstance(row, dict) and row.keys() >= _NAMES for row in document)


def _own_rows(document: Any) -> list[dict[str, Any]]:
    """Return the list of expenses of an export or a download. Raises StatementError for any other JSON."""
    is_export = isinstance(document, dict) and "finbrain" in document
    if is_export and document["finbrain"] != VERSION:
        raise StatementError(
            _("This file comes from a newer version of FinBrain. Export the expenses as CSV there and import that.")
        )
    rows = document.get("expenses") if is_export else document
    if not isinstance(rows, list) or not all(isinstance(row, dict) and row.keys() >= _NAMES for row in rows):
        raise StatementError(
            _("This JSON file isn't a FinBrain export. Choose a FinBrain export, or a statement as CSV, Excel or OFX.")
        )
    return rows


def _read_row(place: int, row: dict[str, Any]) -> Entry | Problem:
    texts = {name: str(row[name]) if isinstance(row[name], str | int) else "" for name in _NAMES}
    try:
        day = check_day(day_of(texts["date"], DateOrder.YEAR_FIRST), texts["date"])
        amount, currency = money_of(texts["amount"], texts["currency"], ".")
        check_currency(currency, day)
        title, note = title_and_note(texts["title"], texts["note"])
    except CellError as error:
        return Problem(place, error.column, error.text, str(error))
    entry = Entry(
        place,
        day,
        title,
        amount,
        currency,
        category_in(texts["category"], str(row.get("base_category") or "")),
        row.get("reviewed") is True,
        note,
    )
    try:
        return complete(entry, str(row.get("kind") or ""), str(row.get("account") or ""), row.get("one_off") is True)
    except CellError as error:
        return Problem(place, error.column, error.text, str(error))


def category_in(named: str, base: str) -> str:
    """Return the category that an export names, or its base category if this ledger doesn't have it."""
    return category_named(named) or category_named(base)


def complete(entry: Entry, kind: str, account: str, one_off: bool) -> Entry:
    """Complete an entry of an export by its kind, which may be "" in those of earlier releases.

    What was received is positive in an export, negative if it was paid back. Raises CellError if the kind is unknown.
    """
    named = kind_named(kind) or (kind_of(entry.category).value if not kind else "")
    if not named:
        raise CellError(Column.KIND, kind, _("FinBrain doesn't know this kind. Use spent, moved or received."))
    amount = -entry.amount if named == Kind.RECEIVED and kind else entry.amount
    category = entry.category if entry.category and kind_of(entry.category) == named else ""
    reviewed = entry.reviewed and bool(category)
    account = " ".join(account.split())[:ACCOUNT_LENGTH]
    return entry._replace(
        amount=amount, category=category, reviewed=reviewed, kind=named, account=account, one_off=one_off
    )

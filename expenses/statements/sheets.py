"""Reader of spreadsheets: XLSX, XLSM, XLSB, XLS and ODS.

A separate process reads them, with limits on memory and time: a file of a few kilobytes can declare a cell in the last
column of the last row, and the library then allocates all cells before it.
"""

import io
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

from django.utils.translation import gettext as _

from expenses.statements.formulas import original
from expenses.statements.region import LETTERHEAD, Cells, has_movements, to_table
from expenses.statements.statement import MAX_COLUMNS, MAX_OTHER_ROWS, StatementError, Table

MAX_UNPACKED = 100 * 1024 * 1024
SECONDS = 20
_MOST_SHEETS = 8
# The rows of each sheet in which movements are searched.
LOOKED_AT = 100
_READER = Path(__file__).with_name("sheet_process.py")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def read_sheets(data: bytes, name: str) -> Table:
    """Read the first sheet with movements, or the longest sheet if none has any. Further ones become its `others`.

    name: the file's name, which may tell the year. Raises StatementError if the file is unreadable.
    """
    if _ENCRYPTED in data:
        raise StatementError(_("This file is protected with a password. Save it without one, then choose it again."))
    if data.startswith(b"PK"):
        check_zip(data)
    sheets = _read_sheets(data)
    found = [title for title, rows in sheets.items() if has_movements([row.cells for row in rows[:LOOKED_AT]])]
    if not found:
        return to_table(max(sheets.values(), key=len, default=[]), name)
    first, *others = (replace(to_table(sheets[title], f"{name} {title}"), sheet=title) for title in found)
    return replace(first, others=tuple(others))


def _read_sheets(data: bytes) -> dict[str, list[Cells]]:
    """Read the rows of each sheet, by name, in the separate process."""
    limits = _MOST_SHEETS + 1, MAX_OTHER_ROWS + LETTERHEAD + 2, MAX_COLUMNS
    try:
        done = subprocess.run(  # noqa: S603 - runs our own file
            [sys.executable, "-I", _READER, *map(str, limits)],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise StatementError(unreadable()) from None
    found = {
        name: [Cells(line, [*map(original, cells)]) for line, cells in rows] for name, rows in json.loads(done.stdout)
    }
    if len(found) > _MOST_SHEETS:
        text = _("This file has more than %(most)d sheets. Save the sheet with the transactions as a separate file.")
        raise StatementError(text % {"most": _MOST_SHEETS})
    return found


def check_zip(data: bytes) -> None:
    """Raise StatementError if a ZIP file is damaged, or is far too large once unpacked."""
    try:
        members = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise StatementError(unreadable()) from None
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise StatementError(_("This file is too large once unpacked. Save the statement as CSV and choose that file."))


def unreadable() -> str:
    return _("FinBrain can't read this spreadsheet. Open it, save it as CSV and choose that file.")

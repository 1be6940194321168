"""XLSX, XLSM, XLSB, XLS and ODS -> rows of cells.

They are read by a process of their own that may use so much memory and time and no more: a file of some kilobytes can
say that it has a cell in the last column of the last row, and what reads it makes room for all those before.
"""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

from django.utils.translation import gettext as _

from expenses.statements.formulas import original
from expenses.statements.notation import is_number, looks_like_day
from expenses.statements.region import LETTERHEAD, MAX_COLUMNS, Cells
from expenses.statements.size_limits import open_archive
from expenses.statements.statement import MAX_ROWS, StatementError

MAX_UNPACKED = 100 * 1024 * 1024
SECONDS = 20
_MOST_SHEETS = 8
# Rows of each sheet, in which movements are searched.
LOOKED_AT = 100
_READER = Path(__file__).with_name("sheet_process.py")
_SHEETS_IN_ZIP = ("xl/", "content.xml")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def rows_of_sheet(data: bytes) -> list[Cells]:
    """The rows of the sheet that holds movements, or where none can be seen of the longest.

    Raises StatementError for what cannot be read, and where several sheets hold movements: none must be lost unseen.
    """
    if _ENCRYPTED in data:
        raise StatementError(_("This file is locked with a password. Save it without one, then choose it again."))
    if zipfile.is_zipfile(io.BytesIO(data)):
        _check_zip(data)
    sheets = _read_sheets(data)
    statements = [name for name, rows in sheets.items() if any(map(_is_movement, rows[:LOOKED_AT]))]
    if len(statements) > 1:
        message = _("Several sheets of this file hold movements: %(names)s. Save each as a file of its own.")
        raise StatementError(message % {"names": ", ".join(name[:40] for name in statements)})
    return sheets[statements[0]] if statements else max(sheets.values(), key=len, default=[])


def _read_sheets(data: bytes) -> dict[str, list[Cells]]:
    """The rows of each sheet by its name."""
    limits = _MOST_SHEETS + 1, MAX_ROWS + LETTERHEAD + 2, MAX_COLUMNS
    try:
        done = subprocess.run(  # noqa: S603 - our own file
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
        text = _("This file has more than %(most)d sheets. Save the one with the movements as a file of its own.")
        raise StatementError(text % {"most": _MOST_SHEETS})
    return found


def _is_movement(row: Cells) -> bool:
    """Whether there is a day, a number and something else."""
    filled = [cell for cell in row.cells if cell]
    days = [looks_like_day(cell) for cell in filled]
    return (
        len(filled) > 2
        and any(days)
        and any(is_number(cell) and not day for cell, day in zip(filled, days, strict=True))
    )


def _check_zip(data: bytes) -> None:
    """Raises StatementError for an archive of something else, and for one that unpacks to far more than a statement."""
    try:
        members = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise StatementError(unreadable()) from None
    if not any(member.filename.startswith(_SHEETS_IN_ZIP) for member in members):
        raise open_archive()
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise StatementError(_("This file is far larger inside than statements are."))


def unreadable() -> str:
    return _("This spreadsheet cannot be read. Open it and save it as CSV, then choose that file.")

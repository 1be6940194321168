"""Reader of spreadsheets: XLSX, XLSM, XLSB, XLS and ODS.

A separate process reads them, with limits on memory and time: a file of a few kilobytes can declare a cell in the last
column of the last row, and the library then allocates all cells before it.
"""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from django.utils.translation import gettext as _

from expenses.statements.formulas import original
from expenses.statements.long_rows import Cells
from expenses.statements.movement_rows import has_movements
from expenses.statements.region import LETTERHEAD, to_table
from expenses.statements.statement import MAX_COLUMNS, MAX_ROWS, StatementError, Table

# Unpacked, in bytes. A longer file, or an XLS file of more than _LONG_OLD, is read in windows.
MAX_UNPACKED, _LONG, _LONG_OLD = 60_000_000, 8_000_000, 3_000_000
SECONDS = 20
_MOST_SHEETS = 8
# The rows of each sheet in which movements are searched.
_LOOKED_AT = 100
_READER = Path(__file__).with_name("sheet_process.py")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class LongWorkbook:
    """A workbook that is read in several windows. name, format: of the file, as of `files.read_file`."""

    data: bytes
    name: str
    format: str = ""


@dataclass(frozen=True)
class Window:
    """Some rows of a workbook. sheets: name and rows, each with its line. next: the first row after them, or None.

    total: how many rows the workbook has, with empty ones.
    """

    sheets: list[tuple[str, list[tuple[int, list[str]]]]]
    next: int | None
    total: int


def read_sheets(data: bytes, name: str) -> Table | LongWorkbook:
    """Read the first sheet with movements, or the longest sheet if none has any. Further ones become its `others`.

    name: the file's name, which may tell the year. Raises StatementError if the file is unreadable.
    """
    if _ENCRYPTED in data:
        raise StatementError(_("This file is protected with a password. Save it without one, then choose it again."))
    is_long = check_zip(data) > _LONG if data.startswith(b"PK") else len(data) > _LONG_OLD
    return LongWorkbook(data, name) if is_long else table_of_windows(_windows(data), name)


def _windows(data: bytes) -> Iterator[Window]:
    """The rows of a short workbook: usually one window, several if the processor is slow."""
    first: int | None = 0
    while first is not None:
        window = read_window(data, first, MAX_ROWS + LETTERHEAD)
        first = window.next
        yield window


def table_of_windows(windows: Iterable[Window], name: str) -> Table:
    """The table of a workbook whose windows were all read. name: of the file."""
    sheets: dict[str, list[Cells]] = {}
    for window in windows:
        for title, rows in window.sheets:
            sheets.setdefault(title, []).extend(Cells(line, _originals(cells)) for line, cells in rows)
    found = [title for title, rows in sheets.items() if has_movements([row.cells for row in rows[:_LOOKED_AT]])]
    if not found:
        return to_table(max(sheets.values(), key=len, default=[]), name, MAX_ROWS)
    first, *others = (replace(to_table(sheets[title], f"{name} {title}", MAX_ROWS), sheet=title) for title in found)
    return replace(first, others=tuple(others))


def _originals(cells: list[str]) -> list[str]:
    """The cells as FinBrain's own exports mean them. Hardly any row needs each cell checked."""
    return [*map(original, cells)] if "'" in "".join(cells) else cells


def read_window(data: bytes, first: int, rows: int) -> Window:
    """Read at most `rows` rows in the separate process, from `first` on."""
    limits = _MOST_SHEETS + 1, MAX_COLUMNS, first, rows
    try:
        done = subprocess.run(  # noqa: S603 - runs our own file
            [sys.executable, "-I", _READER, *map(str, limits)],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise StatementError(_unreadable()) from None
    found = Window(**json.loads(done.stdout))
    if len(found.sheets) > _MOST_SHEETS:
        text = _("This file has more than %(most)d sheets. Save the sheet with the transactions as a separate file.")
        raise StatementError(text % {"most": _MOST_SHEETS})
    return found


def check_zip(data: bytes) -> int:
    """The size of a ZIP file once unpacked. Raises StatementError if it is damaged or far too large."""
    try:
        members = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise StatementError(_unreadable()) from None
    size = sum(member.file_size for member in members)
    if size > MAX_UNPACKED:
        raise StatementError(_("This file is too large once unpacked. Save the statement as CSV and choose that file."))
    return size


def _unreadable() -> str:
    return _("FinBrain can't read this spreadsheet. Open it, save it as CSV and choose that file.")

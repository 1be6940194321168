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

from expenses.statements.region import LETTERHEAD, MAX_COLUMNS, Row
from expenses.statements.statement import MAX_ROWS, StatementError

MAX_UNPACKED = 100 * 1024 * 1024
SECONDS = 20
READER = Path(__file__).with_name("sheet_process.py")
SHEETS_IN_ZIP = ("xl/", "content.xml")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def rows_of_sheet(data: bytes) -> list[Row]:
    """The rows of the first sheet that holds some. Raises StatementError for what cannot be read."""
    if ENCRYPTED in data:
        raise StatementError(_("This file is locked with a password. Save it without one, then choose it again."))
    if zipfile.is_zipfile(io.BytesIO(data)):
        check_zip(data)
    limits = str(MAX_ROWS + LETTERHEAD + 2), str(MAX_COLUMNS)
    try:
        done = subprocess.run(  # noqa: S603 - our own file
            [sys.executable, "-I", READER, *limits], input=data, capture_output=True, timeout=SECONDS, check=True
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise StatementError(unreadable()) from None
    return [Row(line, cells) for line, cells in json.loads(done.stdout)]


def check_zip(data: bytes) -> None:
    """Raises StatementError for an archive of something else, and for one that unpacks to far more than a statement."""
    try:
        members = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise StatementError(unreadable()) from None
    if not any(member.filename.startswith(SHEETS_IN_ZIP) for member in members):
        raise StatementError(_("This is an archive. Unpack it and choose the statement that is in it."))
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise StatementError(_("This file is far larger inside than statements are."))


def unreadable() -> str:
    return _("This spreadsheet cannot be read. Open it and save it as CSV, then choose that file.")

"""A file that a person chose -> what it says, or why it says nothing. By its content; names lie."""

import re

from django.utils.translation import gettext as _

from expenses.statements.encodings import decode
from expenses.statements.ofx_reader import is_ofx, read_ofx
from expenses.statements.own import read_own_json
from expenses.statements.region import to_table
from expenses.statements.sheets import rows_of_sheet
from expenses.statements.size_limits import check_size, open_archive
from expenses.statements.statement import Reading, StatementError, Table
from expenses.statements.text_table import rows_of_text

# XLSX and ODS; XLS; XLS before 1997.
ZIP, _OLE, _XLS_2 = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x09\x08"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"RIFF")
_PACKED = (b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"BZh")
HTML = ("<!doctype", "<html", "<head", "<body", "<table", "<style", "<meta", "<div")
JSON = re.compile(r"\{|\[\s*[{\]]")


def read_file(data: bytes, name: str) -> Table | Reading:
    """A Table if somebody has to say what its columns mean, a Reading if the file says so itself.

    name: as the person calls it, for messages. Raises StatementError with the reason why nothing can be read.
    """
    check_size(len(data))
    if not data.strip():
        raise StatementError(_("The file is empty."))
    _refuse_by_first_bytes(data)
    if data.startswith((ZIP, _OLE, _XLS_2)):
        return to_table(rows_of_sheet(data))
    text = decode(data)
    if text is None or _is_binary(text):
        message = _("“%(name)s” cannot be read. Choose a CSV, Excel, OpenDocument, OFX or QFX file.")
        raise StatementError(message % {"name": name[:80]})
    return read_text(data, text.strip("\ufeff\x1a"))


def _refuse_by_first_bytes(data: bytes) -> None:
    if data.startswith(b"%PDF"):
        message = _("This is a PDF, which cannot be read reliably. Most banks offer the same as CSV, Excel or OFX.")
        raise StatementError(message)
    if data.startswith(_PICTURES) or data[4:8] == b"ftyp":
        raise StatementError(_("This is a picture. Choose the statement itself, as CSV, Excel or OFX."))
    if data.startswith(_PACKED):
        raise open_archive()


def read_text(data: bytes, text: str) -> Table | Reading:
    start = text[:200].lstrip().lower()
    if is_ofx(text):
        return read_ofx(data)
    if start.startswith(HTML):
        message = _(
            "This is a web page that calls itself a spreadsheet. Open it in a spreadsheet program and save it as CSV."
        )
        raise StatementError(message)
    if start.startswith("<?xml"):
        raise StatementError(_("This kind of XML cannot be read. Most banks offer the same as CSV, Excel or OFX."))
    if JSON.match(start):
        return read_own_json(text)
    return to_table(rows_of_text(text))


def _is_binary(text: str) -> bool:
    """Whether there are more control characters in it than accidents put there."""
    controls = sum(char < " " and char not in "\t\n\v\f\r\x1a" for char in text)
    return "\x00" in text or controls * 50 > len(text)

"""Reads uploaded files by their content, because their names can be wrong."""

import json
import re
from collections.abc import Callable
from dataclasses import replace

from django.utils.translation import gettext as _

from expenses.statements.archives import is_spreadsheet, read_archive
from expenses.statements.bank_json import table_of_json
from expenses.statements.bank_xml import table_of_xml
from expenses.statements.camt_reader import read_camt
from expenses.statements.encodings import decode
from expenses.statements.long_files import LongFile
from expenses.statements.markup_tables import is_excel_xml, rows_of_excel_xml, rows_of_html
from expenses.statements.minor_units import with_major_units
from expenses.statements.movement_rows import has_counted_days, has_movements
from expenses.statements.mt940_reader import read_mt940
from expenses.statements.ofx_reader import is_ofx, read_ofx
from expenses.statements.own_exports import is_own_json, read_own_json
from expenses.statements.qif_reader import read_qif
from expenses.statements.region import to_table
from expenses.statements.sheets import LongWorkbook, read_sheets
from expenses.statements.size_limits import check_size, open_archive
from expenses.statements.statement import (
    MAX_BYTES,
    MAX_OTHER_BYTES,
    MAX_ROWS,
    MAX_SHEET_BYTES,
    MAX_TABLE_BYTES,
    Reading,
    StatementError,
    Table,
)
from expenses.statements.text_table import rows_of_text
from expenses.statements.xml_text import XmlError

# XLSX and ODS; XLS; XLS before 1997.
_ZIP, _OLE, _XLS_2 = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x09\x08"
_ODS = b"opendocument.spreadsheet"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"RIFF")
_PACKED = (b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"BZh")
# The first line of a QIF file, and of an MT940 file: its SWIFT envelope or one of its tags.
_QIF = re.compile(r"!(?:type|option|clear):|!account\s*$", re.IGNORECASE)
_MT940 = re.compile(r"\{1:[A-Z]\d\d|:(?:20|21|25|28C?|60[FM]|61):")
# Lines above the first tag, which some banks add to MT940.
_MT940_PREFACE = 5
_XML = re.compile(r"<\?xml|<(?:[\w-]+:)?Document[\s>]", re.IGNORECASE)
_CAMT = re.compile(r"camt\.05\d\.|<(?:[\w-]+:)?BkToCstmr", re.IGNORECASE)
_MOST_BYTES = {
    **dict.fromkeys(("ofx", "mt940", "camt"), MAX_BYTES),
    **dict.fromkeys(("csv", "qif", "json"), MAX_TABLE_BYTES),
}
_CONTROLS = {*map(chr, range(32))} - {*"\t\n\v\f\r\x1a"}
_HTML = ("<!doctype", "<html", "<head", "<body", "<table", "<style", "<meta", "<div")
_ELEMENT = re.compile(r"<(?:\?xml|[a-z][\w:.-]*[\s>])")
_JSON = re.compile(r"\{|\[\s*[{\]]")


def read_file(data: bytes, name: str) -> Table | Reading | LongFile | LongWorkbook:
    """Read a file into a Reading, or into a Table if a person has to confirm what its columns mean.

    A long file of movements becomes a LongFile, which `part_readers` read, and a long workbook a LongWorkbook, which
    `sheets` reads window by window.

    name: the file's name, for messages. The `format` of what is returned is one of xls, xlsx, ods, zip and those of
    `_format_of`. Raises StatementError, with the reason, if FinBrain can't read the file.
    """
    check_size(len(data))
    if not data.strip():
        raise StatementError(_("The file is empty. Choose another one."))
    _refuse_by_first_bytes(data)
    if data.startswith((_ZIP, _OLE, _XLS_2)):
        check_size(len(data), MAX_SHEET_BYTES)
    if data.startswith(_ZIP) and not is_spreadsheet(data):
        return replace(read_archive(data, read_file), format="zip")
    if data.startswith((_ZIP, _OLE, _XLS_2)):
        zipped = "ods" if _ODS in data[:200] else "xlsx"
        return replace(read_sheets(data, name), format=zipped if data.startswith(_ZIP) else "xls")
    text = decode(data)
    if text is None or _is_binary(text):
        message = _("FinBrain can't read “%(name)s”. Choose the statement as CSV, Excel or OFX.")
        raise StatementError(message % {"name": name[:80]})
    return _read_text(data, text.strip("\ufeff\x1a"), name)


def _refuse_by_first_bytes(data: bytes) -> None:
    if data.startswith(b"%PDF"):
        message = _(
            "This is a PDF, which FinBrain can't read reliably. Most banks also offer statements as CSV, Excel or OFX."
        )
        raise StatementError(message)
    if data.startswith(_PICTURES) or data[4:8] == b"ftyp":
        raise StatementError(_("This is a picture. Choose the statement itself, as CSV, Excel or OFX."))
    if data.startswith(_PACKED):
        raise open_archive()


def _read_text(data: bytes, text: str, name: str) -> Table | Reading | LongFile:
    readers: dict[str, Callable[[], Table | Reading | LongFile]] = {
        "ofx": lambda: read_ofx(data),
        "html": lambda: _read_page(text, name),
        "qif": lambda: read_qif(text),
        "mt940": lambda: read_mt940(text),
        "camt": lambda: read_camt(text),
        "xml": lambda: _read_xml(text, name),
        "json": lambda: _read_json(text),
        "csv": lambda: to_table(rows_of_text(text), name, MAX_ROWS),
    }
    kind = _format_of(text)
    check_size(len(data), _MOST_BYTES.get(kind, MAX_OTHER_BYTES))
    return replace(readers[kind](), format=kind)


def _format_of(text: str) -> str:
    """The format of a text: ofx, html, qif, mt940, camt, xml, json or csv, which stands for all separators."""
    start = text[:200].lstrip().lower()
    if is_ofx(text):
        return "ofx"
    if start.startswith(_HTML):
        return "html"
    if known := _known_format(text):
        return known
    if _ELEMENT.match(start):
        return "xml"
    return "json" if _JSON.match(start) else "csv"


def _read_page(text: str, name: str) -> Table:
    """Read the tables of a web page, which banks give the name of a spreadsheet."""
    rows = rows_of_html(text)
    if not has_movements([row.cells for row in rows]):
        message = _("This file is a web page, not a spreadsheet. Open it in a spreadsheet program and save it as CSV.")
        raise StatementError(message)
    return to_table(rows, name)


def _read_xml(text: str, name: str) -> Table:
    """Read a workbook in Excel's XML, or a list of movements, each an element."""
    try:
        if is_excel_xml(text):
            return to_table(rows_of_excel_xml(text), name)
        table = table_of_xml(text)
    except XmlError:
        table = None
    if not table or not has_movements([*table.rows[:100]]):
        message = _("FinBrain can't read this kind of XML. Most banks also offer statements as CSV, Excel or OFX.")
        raise StatementError(message)
    return table


def _read_json(text: str) -> Table | Reading | LongFile:
    """Read FinBrain's own export, or a list of transactions as banks' interfaces give it."""
    try:
        document = json.loads(text, parse_float=str)
    except (ValueError, RecursionError):
        raise StatementError(_("This JSON file is damaged. Export it again.")) from None
    table = None if is_own_json(document) else table_of_json(document)
    rows = [] if table is None else [*table.rows[:100]]
    is_list = table is not None and (has_movements(rows) or has_counted_days(table.header, rows))
    return with_major_units(table) if table and is_list else read_own_json(document)


def _known_format(text: str) -> str:
    """The name of a statement format without columns; else ""."""
    start = text[:4000].lstrip("\ufeff\x01\x04 \t\r\n")
    lines = start.splitlines()[: _MT940_PREFACE + 1]
    if lines and _QIF.match(lines[0]):
        return "qif"
    for line in lines:
        if _MT940.match(line):
            return "mt940"
        if any(char in line for char in ',;\t|"'):
            break
    return "camt" if _XML.match(start) and _CAMT.search(start) else ""


def _is_binary(text: str) -> bool:
    """Whether a text has too many control characters to be text."""
    controls = sum(map(text.count, _CONTROLS))
    return "\x00" in text or controls * 50 > len(text)

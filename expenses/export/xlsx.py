"""Writer of XLSX exports, row by row: the download begins at once, and needs neither a temporary file nor memory.

Packages that write XLSX finish the file before its first byte can be sent, which takes seconds for a long list. The
rows are the only part that is long, so this module writes them itself, and the few fixed parts beside them.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain, islice
from typing import Any, cast
from zipfile import ZIP_DEFLATED, ZipFile

from expenses import money
from expenses.export.csv_and_json import LINES, table_cells
from expenses.export.selection import ExportRow, Selection
from expenses.statements.formulas import unmistakable
from expenses.statements.own_exports import OWN_COLUMNS

_DAY_AT, _AMOUNT_AT, _CONFIDENCE_AT = (OWN_COLUMNS.index(name) for name in ("Date", "Amount", "Confidence"))
# The widths of OWN_COLUMNS, in characters.
_WIDTHS = (11, 40, 12, 9, 28, 40, 9, 11, 10, 20, 9, 28)
# Excel allows 1,048,576.
_ROWS_OF_A_SHEET = 1_000_000
# What Excel counts days from.
_DAY_ZERO = date(1899, 12, 30)
# Cell styles by their place in the style sheet. After these come the amounts, by their number of decimals.
_BOLD, _DAY, _AMOUNTS = 1, 2, 3

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

# What XML can't hold, and what reads as if it stood for that.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


class _Written:
    """A file that can't be searched, for `ZipFile`: keeps what is written until it is taken."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        pass

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


def write_xlsx(selection: Selection) -> Iterator[bytes]:
    return write_rows(selection.rows())


def write_rows(rows: Iterator[ExportRow]) -> Iterator[bytes]:
    """Yield the workbook, piece by piece. Rows that Excel has no room for are on further sheets."""
    written, sheets, row = _Written(), 0, next(rows, None)
    with ZipFile(cast(Any, written), "w", ZIP_DEFLATED) as book:
        while row or not sheets:
            sheets += 1
            with book.open(f"xl/worksheets/sheet{sheets}.xml", "w") as sheet:
                for text in _sheet(chain([row] if row else [], islice(rows, _ROWS_OF_A_SHEET - 1))):
                    sheet.write(text.encode())
                    yield written.take()
            row = next(rows, None)
        for name, text in _fixed_parts(sheets):
            book.writestr(name, _XML + text)
    yield written.take()


def _sheet(rows: Iterable[ExportRow]) -> Iterator[str]:
    """Yield a sheet, in pieces of LINES rows."""
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>' for n, width in enumerate(_WIDTHS, 1)
    )
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    view = f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
    head = "".join(_text(name, _BOLD) for name in OWN_COLUMNS)
    begins = f'{_XML}<worksheet xmlns="{_MAIN}">{view}<cols>{columns}</cols><sheetData><row>{head}</row>'
    lines = map(_row, rows)
    yield begins + "".join(islice(lines, LINES))
    while some := "".join(islice(lines, LINES)):
        yield some
    yield "</sheetData></worksheet>"


def _row(row: ExportRow) -> str:
    """Return one row: dates and numbers as such, text as text, so that Excel never takes it for a formula."""
    cells = [_text(unmistakable(text)) if text else "<c/>" for text in table_cells(row)]
    cells[_DAY_AT] = f'<c s="{_DAY}"><v>{(row.day - _DAY_ZERO).days}</v></c>'
    cells[_AMOUNT_AT] = f'<c s="{_AMOUNTS + money.minor_units(row.currency)}"><v>{row.amount:f}</v></c>'
    if row.confidence is not None:
        cells[_CONFIDENCE_AT] = f"<c><v>{row.confidence:.2f}</v></c>"
    return f"<row>{''.join(cells)}</row>"


def _text(text: str, style: int = 0) -> str:
    shown = _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text).translate(_ESCAPED)
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{shown}</t></is></c>'


def _fixed_parts(sheets: int) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of every other part of the file."""
    numbers = range(1, sheets + 1)
    sheet_types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPES}.worksheet+xml"/>' for n in numbers
    )
    yield (
        "[Content_Types].xml",
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>{sheet_types}</Types>',
    )
    yield "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])
    links = "".join(f'<sheet name="Sheet{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    yield "xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{links}</sheets></workbook>'
    parts = [*(("worksheet", f"worksheets/sheet{n}.xml") for n in numbers), ("styles", "styles.xml")]
    yield "xl/_rels/workbook.xml.rels", _relations(parts)
    yield "xl/styles.xml", _styles()


def _relations(parts: Iterable[tuple[str, str]]) -> str:
    made = (
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(parts, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(made)}</Relationships>'


def _styles() -> str:
    """Return the style sheet: plain, bold, a day, and amounts by their number of decimals."""
    amounts = ["0." + "0" * count if count else "0" for count in range(money.MOST_DECIMALS + 1)]
    own = list(enumerate(["yyyy-mm-dd", *amounts], 164))  # numbers below are Excel's own
    formats = "".join(f'<numFmt numFmtId="{number}" formatCode="{text}"/>' for number, text in own)
    numbers = "".join(f'<xf numFmtId="{number}" applyNumberFormat="1"/>' for number, _ in own)
    font = '<sz val="11"/><name val="Calibri"/>'
    fills = "".join(f'<fill><patternFill patternType="{kind}"/></fill>' for kind in ("none", "gray125"))
    return (
        f'<styleSheet xmlns="{_MAIN}"><numFmts count="{len(own)}">{formats}</numFmts>'
        f'<fonts count="2"><font>{font}</font><font><b/>{font}</font></fonts><fills count="2">{fills}</fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        f'<cellXfs count="{len(own) + 2}"><xf/><xf fontId="1" applyFont="1"/>{numbers}</cellXfs></styleSheet>'
    )

"""Reader of tables in HTML, which many banks name .xls, and in Excel's XML of 2003."""

import re
from html import unescape

from expenses.statements.long_rows import Cells
from expenses.statements.size_limits import check_rows
from expenses.statements.statement import LONGEST_CELL, MAX_COLUMNS
from expenses.statements.xml_text import parse_xml

# A comment or script, a tag, or text. Each piece is read once, whatever is missing at its end.
_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<hidden>script|style)\b.*?(?:</(?P=hidden)|\Z)"
    r"|<(?P<slash>/?)(?P<tag>[a-z][\w:-]*+)(?P<attributes>[^<>]*+)>|(?P<text>[^<]+|<)",
    re.IGNORECASE | re.DOTALL,
)
_SPAN = re.compile(r"\bcolspan\s*=\s*[\"']?(\d+)", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_SHEET = "{urn:schemas-microsoft-com:office:spreadsheet}"
# The most tags of a row, on average over as many rows as a statement may have.
_TAGS = 40
_MOST_SPAN = 50
# Characters of a cell that are read, as entities.
_LONGEST = 8 * LONGEST_CELL
_MOST_DIGITS = 9
# One column more than a table may have, so that it is refused instead of cut.
_TOO_MANY = MAX_COLUMNS + 1


class _Tables:
    """Collects the rows of all tables. A cell that has a table itself is no cell."""

    def __init__(self) -> None:
        self.rows: list[Cells] = []
        self.row: list[str] | None = None
        self.cell: list[str] | None = None
        self.span = 1

    def start(self, tag: str, attributes: str) -> None:
        if tag in ("tr", "table"):
            self.end_row()
            self.row = [] if tag == "tr" else None
        elif tag in ("td", "th") and self.row is not None:
            self._end_cell()
            self.cell = []
            span = _SPAN.search(attributes)
            self.span = _number(span[1], _MOST_SPAN) if span else 1
        elif tag == "br":
            self.text(" ")

    def end(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._end_cell()
        elif tag in ("tr", "table"):
            self.end_row()

    def text(self, text: str) -> None:
        if self.cell is not None:
            self.cell.append(text)

    def _end_cell(self) -> None:
        if self.cell is not None and self.row is not None and len(self.row) <= MAX_COLUMNS:
            self.row += [_SPACES.sub(" ", unescape("".join(self.cell)[:_LONGEST])).strip(), *[""] * (self.span - 1)]
        self.cell = None

    def end_row(self) -> None:
        self._end_cell()
        if self.row and any(self.row):
            self.rows.append(Cells(len(self.rows) + 1, self.row))
        self.row = None


def rows_of_html(text: str) -> list[Cells]:
    """The rows of all tables of a page. `line` counts the rows.

    Python's own parser takes a second for a megabyte, and longer than anyone waits for tags without an end.
    """
    check_rows(max(text.lower().count("<tr") // 2, text.count("<") // _TAGS))
    tables = _Tables()
    for found in _TOKEN.finditer(text):
        slash, tag, attributes = found["slash"], found["tag"], found["attributes"]
        if tag is None:
            tables.text(found["text"] or "")
        elif slash:
            tables.end(tag.lower())
        else:
            tables.start(tag.lower(), attributes)
    tables.end_row()
    return tables.rows


def is_excel_xml(text: str) -> bool:
    return "urn:schemas-microsoft-com:office:spreadsheet" in text[:4000]


def rows_of_excel_xml(text: str) -> list[Cells]:
    """The rows of all sheets. Raises XmlError if the file is damaged."""
    rows: list[Cells] = []
    for row in parse_xml(text).iter(f"{_SHEET}Row"):
        cells: list[str] = []
        for cell in row.iter(f"{_SHEET}Cell"):
            before = _number(cell.get(f"{_SHEET}Index", ""), _TOO_MANY) - 1
            cells += [""] * (before - len(cells))
            data = cell.find(f"{_SHEET}Data")
            cells.append(_value("".join(data.itertext()), data.get(f"{_SHEET}Type")) if data is not None else "")
        if any(cells):
            rows.append(Cells(len(rows) + 1, cells[:_TOO_MANY]))
    check_rows(len(rows))
    return rows


def _number(text: str, most: int) -> int:
    """The whole number in an attribute, at most `most`, and 1 if it isn't one. Python refuses thousands of digits."""
    if not text.isdecimal():
        return 1
    return most if len(text) > _MOST_DIGITS else min(int(text), most)


def _value(text: str, kind: str | None) -> str:
    return text.partition("T")[0] if kind == "DateTime" else text.strip()

"""Reader of CSV, TSV and similar text, with any delimiter."""

import csv
import re
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from expenses.statements.formulas import original
from expenses.statements.long_rows import Cells
from expenses.statements.records import LINE, rows_of_records
from expenses.statements.region import LETTERHEAD
from expenses.statements.size_limits import check_cells, check_rows
from expenses.statements.statement import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, StatementError

_DELIMITERS = ",;\t|"
# Lines, and characters, by which the delimiter is guessed.
_LOOKED_AT, _SAMPLE = 400, 400_000
# Lines by which the quotation marks are known.
_FEW_LINES = 10
# Lines of a file, of which most may be empty.
_MOST_LINES = 3 * MAX_ROWS
# A line that is one cell, and a delimiter in it.
_WHOLE_LINE, _DELIMITED = re.compile(r'"(?:[^"]|"")*"'), re.compile(rf"[{_DELIMITERS}]")
# A delimiter between two of the same character, such as ~|~.
_FRAMED = re.compile(rf"([^\w\s\"'.,;|()+/-])([{_DELIMITERS}])\1")
# A first line that tells Excel the delimiter.
_SEPARATOR_LINE = re.compile(r"\ufeff?sep=([^\r\n\"])\r?\n", re.IGNORECASE)


def rows_of_text(text: str) -> list[Cells]:
    """Split a text into rows of cells. Raises StatementError if it is not a table."""
    named = _SEPARATOR_LINE.match(text)
    first = 2 if named else 1
    body = _unframed(_unwrapped(text[named.end() :] if named else text))
    if records := rows_of_records(body, first):
        return records
    delimiter = named[1] if named else _guess_delimiter(body)
    try:
        return _split_lines(body, delimiter, first)
    except csv.Error:
        raise StatementError(_("FinBrain can't tell the columns of this file apart. Save it as CSV again.")) from None


def _unwrapped(text: str) -> str:
    """The text without quotation marks around whole lines, which spreadsheets write if all is in their first column."""
    sample = [line.strip() for line in text[:_SAMPLE].splitlines()[:_LOOKED_AT] if line.strip()][:-1]
    if not sample or not all(_WHOLE_LINE.fullmatch(line) and _DELIMITED.search(line) for line in sample):
        return text
    return "\n".join(line.strip()[1:-1].replace('""', '"') for line in text.splitlines())


def _unframed(text: str) -> str:
    """The text with one character as its delimiter, also if each is between two of the same character."""
    sample = text[:_SAMPLE]
    framed = {found[0] for found in _FRAMED.finditer(sample)}
    if len(framed) != 1 or sample.count(delimiter := framed.pop()) < sample.count("\n"):
        return text
    return text.replace(delimiter, delimiter[1])


def _split_lines(text: str, delimiter: str, first: int = 1) -> list[Cells]:
    """Split by the rules for quotation marks. If the file breaks them, lose as little as possible.

    first: the number of the first line.
    """
    try:
        return _read_rows(text, delimiter, first, strict=True, quotechar=_quote_of(text, delimiter))
    except csv.Error:
        rows = _read_rows(text, delimiter, first)
    if rows and any(
        "\n" in cell for cell in rows[-1].cells
    ):  # an unclosed quotation mark swallows the rest of the file
        return _read_rows(text, delimiter, first, quoting=csv.QUOTE_NONE)
    return rows


def _quote_of(text: str, delimiter: str) -> str:
    """The sign around cells: an apostrophe if it is around all cells of the first lines, or some below the names."""
    lines = [found[0].strip() for found in islice(LINE.finditer(text[:_SAMPLE]), _FEW_LINES)]
    whole = [line for line in lines if line]
    between = f"'{delimiter}'"
    are_quoted = [line[:1] == line[-1:] == "'" and line.count(delimiter) == line.count(between) > 0 for line in whole]
    if whole and all(are_quoted):
        return "'"
    rows = [line for line in whole if line.count(delimiter) > 1]
    rows = rows[1:] if len(rows) > 1 and "'" not in rows[0] else rows
    other = f"[^{re.escape(delimiter)}]"
    quoted = re.compile(rf"(?<!{other})'[^']*'(?!{other})")
    counts = [len(quoted.findall(line)) for line in rows]
    are_all = all(line.count("'") == 2 * count for line, count in zip(rows, counts, strict=True))
    return "'" if are_all and min(counts, default=0) > 1 else '"'


def _read_rows(text: str, delimiter: str, first: int, **how: Any) -> list[Cells]:
    """Read the non-empty lines, at most a few more than MAX_ROWS. Cells beyond MAX_COLUMNS are joined to a last one."""
    rows, line, count = [], first, 0
    reader = csv.reader((found[0] for found in LINE.finditer(text)), delimiter=delimiter, **how)
    for cells in reader:
        if len(cells) > MAX_COLUMNS:
            cells[MAX_COLUMNS:] = filter(None, ["".join(cells[MAX_COLUMNS:])])
        if any(cells):
            if "quoting" in how:
                cells = [*map(_bare, cells)]
            count += len(cells)
            rows.append(Cells(line, tuple([original(cell) if cell[:1] == "'" else cell for cell in cells])))
            if len(rows) > MAX_ROWS + LETTERHEAD:
                break
            if count > MAX_CELLS + LETTERHEAD * MAX_COLUMNS:
                check_cells(count)
        line = reader.line_num + first
        if line > _MOST_LINES:
            check_rows(line, MAX_ROWS)
    return rows


def _bare(cell: str) -> str:
    return cell.strip().removeprefix('"').removesuffix('"').replace('""', '"')


def _guess_delimiter(text: str) -> str:
    """Guess the delimiter: the one that splits most lines into the same number of cells."""
    sample = "".join(found[0] for found in islice(LINE.finditer(text[:_SAMPLE]), _LOOKED_AT))
    return max(_DELIMITERS, key=lambda delimiter: _evenness(sample, delimiter))


def _evenness(sample: str, delimiter: str) -> tuple[int, int]:
    """Score a delimiter: the cells it adds in the lines of the most common width, and how many these are."""
    try:
        widths = [len(row.cells) for row in _split_lines(sample, delimiter)]
    except csv.Error:
        return 0, 0
    counts = {width: widths.count(width) for width in set(widths)}
    return max(((count * (width - 1), count) for width, count in counts.items()), default=(0, 0))

"""Helpers that make statements and read them."""

import io

import xlsxwriter
from django.utils import timezone

from expenses.statements import Reading, StatementError, Table, apply_mapping, guess_mapping, needed_columns, read_file
from expenses.statements.long_files import LongFile
from expenses.statements.part_readers import read_whole
from expenses.statements.sheets import LongWorkbook


def latest_year(month: int, day: int) -> int:
    """Return the year of the last such day that isn't in the future."""
    today = timezone.localdate()
    return today.year - ((today.month, today.day) < (month, day))


def table_of(*lines: str, delimiter: str = ";") -> Table:
    """Read the table of CSV lines separated by semicolons."""
    return read_file("\n".join(lines).replace(";", delimiter).encode(), "statement.csv")


def read_lines(*lines: str, home: str = "EUR") -> Reading:
    """Read CSV lines separated by semicolons as guessed. home: the person's currency."""
    table = table_of(*lines)
    mapping = guess_mapping(table, home)
    assert not needed_columns(mapping)
    return apply_mapping(table, mapping)


def workbook(*cells: tuple[int, int, str], sheets: int = 1) -> bytes:
    """Make an XLSX file whose sheets all have these cells."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for _sheet in range(sheets):
            sheet = book.add_worksheet()
            for row, column, text in cells:
                sheet.write(row, column, text)
    return out.getvalue()


def read_all(data: bytes, name: str) -> Table | Reading | LongFile | LongWorkbook | None:
    """Read a file as a person who accepts every guess; None if the file is refused."""
    try:
        found = read_file(data, name)
    except StatementError:
        return None
    if isinstance(found, Table):
        mapping = guess_mapping(found, "ILS")
        if not needed_columns(mapping):
            assert len((reading := apply_mapping(found, mapping)).entries + reading.problems) <= len(found.rows)
    if isinstance(found, LongFile):
        read_whole(found)
    return found

"""Run by `sheets.py`: a spreadsheet on stdin -> its rows as JSON on stdout, `[[line, [cell, …]], …]`.

At most argv[1] rows with argv[2] columns; ends with an error if there is more text in them than a statement holds.
Cells become text as a CSV file would have it: days as 2026-08-20, numbers with a point.
"""

import contextlib
import io
import json
import resource
import sys
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

MEMORY = 768 * 1024 * 1024
SECONDS = 15
MOST_TEXT = 30_000_000


def main() -> None:
    with contextlib.suppress(ValueError, OSError):  # not every system has both
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    json.dump(first_filled(workbook, *map(int, sys.argv[1:])), sys.stdout)


def first_filled(workbook: CalamineWorkbook, most: int, columns: int) -> list[tuple[int, list[str]]]:
    """The rows of the first visible sheet with more than one; those of the first one if none has."""
    found: list[tuple[int, list[str]]] = []
    for sheet in workbook.sheets_metadata:
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet:
            rows = rows_of(workbook.get_sheet_by_name(sheet.name), most, columns)
            if len(rows) > 1:
                return rows
            found = found or rows
    return found


def rows_of(sheet: CalamineSheet, most: int, columns: int) -> list[tuple[int, list[str]]]:
    above = sheet.start[0] if sheet.start else 0
    rows, length = [], 0
    for line, cells in enumerate(sheet.to_python(nrows=most), above + 1):
        texts = [to_text(cell) for cell in cells[:columns]]
        length += sum(map(len, texts))
        if length > MOST_TEXT:
            sys.exit("too much text")
        if any(texts):
            rows.append((line, texts))
    return rows


def to_text(cell: Any) -> str:
    """Fifteen digits of a number, as many as spreadsheets show: the sixteenth makes 12.3 into 12.300000000000001."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return format(Decimal(f"{cell:.15g}"), "f")
    return str(cell)


if __name__ == "__main__":
    main()

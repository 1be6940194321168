"""The process that `sheets.py` starts. Reads a spreadsheet from stdin and writes its sheets as JSON to stdout.

The JSON is `[[name, [[line, [cell, …]], …]], …]`. argv: the most sheets, rows per sheet and columns; only the first
ones are read, except that all cells beyond those columns become one. Exits with an error if they have more text than a
statement may have. Cells become text as in a CSV file: dates as 2026-08-20, numbers with a decimal point.
"""

import contextlib
import io
import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

# In bytes. Files of 5 MB need less than 160 MB.
MEMORY = 256 * 1024 * 1024
SECONDS = 5
_MOST_TEXT = 6_000_000


def main() -> None:
    with contextlib.suppress(ValueError, OSError):  # some systems lack one of the limits
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    found = json.dumps(_sheets_of(workbook, *map(int, sys.argv[1:])), ensure_ascii=False)
    sys.stdout.buffer.write(found.encode())


def _sheets_of(workbook: CalamineWorkbook, most: int, rows: int, columns: int) -> list[tuple[str, list[Any]]]:
    """The visible sheets with their rows, as many as the limits allow."""
    names = [one.name for one in workbook.sheets_metadata if _is_seen(one)]
    found: list[tuple[str, list[Any]]] = []
    length = 0
    for name in names[:most]:
        found.append((name, []))
        for line, cells in islice(_filled_rows(workbook.get_sheet_by_name(name), columns), rows):
            length += sum(map(len, cells))
            if length > _MOST_TEXT:
                sys.exit("too much text")
            found[-1][1].append((line, cells))
    return found


def _is_seen(sheet: Any) -> bool:
    return sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet


def _filled_rows(sheet: CalamineSheet, columns: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the non-empty rows with their line numbers, from 1."""
    for line, cells in enumerate(sheet.iter_rows(), 1):
        texts = [*map(_to_text, cells[:columns]), *filter(None, ["".join(map(str, cells[columns:]))])]
        if any(texts):
            yield line, texts


def _to_text(cell: Any) -> str:
    """Convert a cell to text.

    Numbers keep 15 digits, as many as spreadsheets show: with a sixteenth, 12.3 would be 12.300000000000001. Three
    decimals become four, because 12.345 would look like a grouped twelve thousand.
    """
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        text = format(Decimal(f"{cell:.15g}"), "f")
        return f"{text}0" if text[-4:-3] == "." else text
    return str(cell)


if __name__ == "__main__":
    main()

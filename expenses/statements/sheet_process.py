"""The process that `sheets.py` starts. Reads rows of a spreadsheet from stdin and writes them as JSON to stdout.

The JSON is `{"sheets": [[name, [[line, [cell, …]], …]], …], "next": …, "total": …}`. argv: the most sheets and columns,
the first row to read, counted from 0 over all sheets, and how many. Only the first sheets are read, and all cells
beyond those columns become one. The process ends early once PAUSE is over. next: the first row that wasn't read, or
null. total: the number of rows. Exits with an error if they have more text than a statement may have. Cells become text
as in a CSV file: dates as 2026-08-20, numbers with a decimal point.
"""

import contextlib
import io
import json
import resource
import sys
import time
from collections.abc import Iterator
from datetime import date, datetime
from datetime import time as time_of_day
from decimal import Decimal
from itertools import islice
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

# In bytes.
_MEMORY = 256 * 1024 * 1024
# Of CPU time: when the process is stopped, and when it ends a window.
_SECONDS, _PAUSE = 5, 1.1
_LEAST_ROWS = 1_000
_MOST_TEXT = 6_000_000


def main() -> None:
    with contextlib.suppress(ValueError, OSError):  # some systems lack one of the limits
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    found = json.dumps(_window(workbook, *map(int, sys.argv[1:])), ensure_ascii=False)
    sys.stdout.buffer.write(found.encode())


def _window(workbook: CalamineWorkbook, most: int, columns: int, first: int, rows: int) -> dict[str, Any]:
    """The visible sheets with the rows of the window."""
    found: list[tuple[str, list[Any]]] = []
    start, end, length, count = 0, None, 0, 0
    for name in [one.name for one in workbook.sheets_metadata if _is_seen(one)][:most]:
        sheet = workbook.get_sheet_by_name(name)
        found.append((name, []))
        for line, cells in _filled_rows(sheet, columns, first - start) if end is None else ():
            if count == rows or (count >= _LEAST_ROWS and count % _LEAST_ROWS == 0 and time.process_time() > _PAUSE):
                end = start + line - 1
                break
            length, count = length + sum(map(len, cells)), count + 1
            if length > _MOST_TEXT:
                sys.exit("too much text")
            found[-1][1].append((line, cells))
        start += sheet.height
    return {"sheets": found, "next": end, "total": start}


def _is_seen(sheet: Any) -> bool:
    return sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet


def _filled_rows(sheet: CalamineSheet, columns: int, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the non-empty rows after the skipped ones with their line numbers, from 1."""
    skipped = max(skipped, 0)
    for line, cells in enumerate(islice(sheet.iter_rows(), skipped, None), skipped + 1):
        texts = [*map(_to_text, cells[:columns]), *filter(None, ["".join(map(str, cells[columns:]))])]
        if any(texts):
            yield line, texts


def _to_text(cell: Any) -> str:
    """Convert a cell to text.

    Numbers keep 15 digits, as many as spreadsheets show: with a sixteenth, 12.3 would be 12.300000000000001. Three
    decimals become four, because 12.345 would look like a grouped twelve thousand.
    """
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time_of_day() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        text = format(Decimal(f"{cell:.15g}"), "f")
        return f"{text}0" if text[-4:-3] == "." else text
    return str(cell)


if __name__ == "__main__":
    main()

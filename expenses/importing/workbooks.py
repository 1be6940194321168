"""Long workbooks, which are read window by window before their draft has a table."""

from dataclasses import replace
from typing import Any, TypedDict

from expenses.importing.frame import Frame, is_frame, join, pack
from expenses.statements.region import LETTERHEAD
from expenses.statements.sheets import LongWorkbook, Window, read_window, table_of_windows
from expenses.statements.size_limits import check_rows
from expenses.statements.statement import MAX_ROWS, Table

_ROWS_OF_A_WINDOW = 25_000


class _Head(TypedDict):
    """What a draft says of its workbook.

    windows: for each, the first row after it (None at the end), how many rows the workbook has, and how many it has.
    """

    name: str
    format: str
    windows: list[Any]


class UnreadDraft(TypedDict):
    """The fields of a draft while its workbook isn't all read.

    plan_key: says how many windows there are, so that each is added once.
    """

    content: bytes
    plan_key: str


def unread_values(workbook: LongWorkbook) -> UnreadDraft:
    """The fields of a draft of which nothing is read yet."""
    return _values({"name": workbook.name, "format": workbook.format, "windows": []}, [workbook.data])


def _values(head: _Head, parts: list[bytes]) -> UnreadDraft:
    return {"content": join(head, parts), "plan_key": f"{len(head['windows'])} windows"}


def is_unread(content: bytes | None) -> bool:
    """Whether the content is a workbook that isn't all read."""
    return is_frame(content) and "windows" in Frame(content).head


def percent_read(content: bytes | None) -> int:
    windows = Frame(content).head["windows"]
    if not windows:
        return 0
    after, total, _rows = windows[-1]
    return 100 if after is None else 100 * after // total


def read_next(content: bytes | None) -> UnreadDraft | Table:
    """Read the next window. Returns the fields of the draft, or its table if all were read. Raises StatementError."""
    frame = Frame(content)
    head: _Head = frame.head
    windows = head["windows"]
    first = windows[-1][0] if windows else 0
    if first is None:
        found = (Window(frame.part(number), *about[:2]) for number, about in enumerate(windows, 1))
        return replace(table_of_windows(found, head["name"]), format=head["format"])
    window = read_window(frame.raw(0), first, _ROWS_OF_A_WINDOW)
    about = [window.next, window.total, sum(len(rows) for _name, rows in window.sheets)]
    check_rows(sum(rows for _next, _total, rows in (*windows, about)), MAX_ROWS + LETTERHEAD)
    parts = [frame.raw(number) for number in range(len(frame))]
    return _values({**head, "windows": [*windows, about]}, [*parts, pack(window.sheets)])

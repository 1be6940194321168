"""Packs tables, entries and the rows of plans as plain values, which JSON can hold.

A long file is packed in pieces, so that a step of its import unpacks only the one that it reads.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from expenses.importing.duplicates import StoredExpense
from expenses.importing.fingerprints import FileRow
from expenses.importing.frame import Frame, is_frame, join, pack, unpack
from expenses.importing.totals import Total
from expenses.statements.long_files import LongFile
from expenses.statements.size_limits import too_large
from expenses.statements.statement import Column, Entry, Problem, Reading, Table

# Rows of a piece, and those of its neighbours that are packed with it, because a balance follows from the one before.
PIECE, _AROUND = 4_000, 20
# A column with at most this many different cells may name accounts.
_FEW = 100
# Bytes of a draft's packed content. MongoDB allows 16 MB per document, which also has the plan: the used part of the
# content, and fingerprints.
_MOST_PACKED = 6 * 1024 * 1024


def pack_file(read: Table | Reading | LongFile) -> bytes:
    """Pack the content of a file; `unpack_file` reverses it. Raises StatementError if it is too large for a draft."""
    content = _packed(read)
    if len(content) > _MOST_PACKED:
        raise too_large()
    return content


def _packed(read: Table | Reading | LongFile) -> bytes:
    if isinstance(read, LongFile):
        return _pack_long(read)
    if isinstance(read, Reading):
        return _pack_reading(read)
    if len(read.rows) > PIECE and not read.others:
        return _pack_pieces(read)
    return pack(_table_values(read) | {"others": [*map(_table_values, read.others)]})


def _pack_long(read: LongFile) -> bytes:
    head = {"kind": read.kind, "start": read.start, "accounts": sorted(read.accounts), "format": read.format}
    return join(head, [*map(pack, read.texts)])


def _pack_reading(read: Reading) -> bytes:
    head = {"problems": [*map(problem_values, read.problems)], "gap": _text_of(read.gap), "format": read.format}
    entries = [*map(_entry_values, read.entries)]
    if len(entries) <= PIECE:
        return pack(head | {"entries": entries})
    parts = [pack(entries[start : start + PIECE]) for start in range(0, len(entries), PIECE)]
    return join(head | {"accounts": sorted({entry.account for entry in read.entries})}, parts)


def _pack_pieces(table: Table) -> bytes:
    parts: list[bytes] = []
    for number in range(-(-len(table.rows) // PIECE)):
        one = piece_of(table, number)
        parts.append(pack([one.before, one.after, one.table.rows, one.table.lines]))
        if sum(map(len, parts)) > _MOST_PACKED:
            raise too_large()
    few = {str(place): sorted(cells) for place in range(len(table.header)) if (cells := _few_cells(table, place))}
    return join(_table_values(replace(table, rows=(), lines=())) | {"cells": few}, parts)


class Piece(NamedTuple):
    """A piece of a table. before, after: how many of its first and last rows belong to its neighbours."""

    table: Table
    before: int
    after: int


def piece_of(table: Table, number: int) -> Piece:
    """The piece of a table with this number, from 0."""
    start, end = number * PIECE, min(len(table.rows), (number + 1) * PIECE)
    first, last = max(0, start - _AROUND), min(len(table.rows), end + _AROUND)
    piece = replace(table, rows=table.rows[first:last], lines=table.lines[first:last], others=())
    return Piece(piece, start - first, last - end)


def _few_cells(table: Table, place: int) -> set[str]:
    """The different cells of a column if it has few; else none."""
    if len({row[place] for row in table.rows[:PIECE]}) > _FEW:
        return set()
    cells = {row[place] for row in table.rows}
    return cells if len(cells) <= _FEW else set()


def unpack_file(content: bytes | None) -> Table | Reading | LongFile:
    """Unpack the whole content of a file."""
    if not is_frame(content):
        return unpack_whole(content)
    frame = Frame(content)
    parts = [frame.part(number) for number in range(len(frame))]
    if "kind" in frame.head:
        head = frame.head
        return LongFile(head["kind"], tuple(parts), head["start"], frozenset(head["accounts"]), head["format"])
    if "entries" not in frame.head and "header" not in frame.head:
        return unpack_reading(frame.head | {"entries": [values for part in parts for values in part]})
    rows, lines = [], []
    for before, after, some, their_lines in parts:
        end = len(some) - after
        rows += some[before:end]
        lines += their_lines[before:end]
    return unpack_table(frame.head | {"rows": rows, "lines": lines})


def unpack_whole(content: bytes | None) -> Table | Reading:
    """Unpack the content of a file that isn't in pieces."""
    found = unpack(content)
    if "header" in found:
        return replace(unpack_table(found), others=tuple(map(unpack_table, found.get("others", ()))))
    return unpack_reading(found)


def unpack_reading(found: dict[str, Any]) -> Reading:
    problems, entries = tuple(map(problem_of, found["problems"])), tuple(map(_entry_of, found["entries"]))
    return Reading(entries, problems, _number_of(found.get("gap")), found.get("format", ""))


def _table_values(table: Table) -> dict[str, Any]:
    names = ("header", "rows", "lines", "account", "year", "stated", "period", "sheet", "people", "format")
    return {name: getattr(table, name) for name in names}


def unpack_table(found: dict[str, Any]) -> Table:
    """The table with these values. Earlier releases packed only header, rows and lines."""
    rows = tuple(map(tuple, found["rows"]))
    more = {name: found[name] for name in ("account", "year", "sheet", "people", "format") if name in found}
    pairs = {name: pair and tuple(pair) for name in ("stated", "period") if (pair := found.get(name))}
    return Table(tuple(found["header"]), rows, tuple(found["lines"]), **pairs, **more)


def _text_of(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def _number_of(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def unpack_rows(content: bytes, start: int, most: int) -> list[FileRow]:
    """At most `most` of the rows that the last release packed, from index `start` on."""
    return [*map(row_of, unpack(content)[start : start + most])]


def row_values(row: FileRow) -> list[Any]:
    return [row.number, row.fingerprint, *_entry_values(row.entry)]


def row_of(values: Sequence[Any]) -> FileRow:
    number, fingerprint, *entry = values
    return FileRow(number, fingerprint, _entry_of(entry))


def alike_values(pair: tuple[FileRow, StoredExpense]) -> list[Any]:
    """The values of a possible duplicate, and of the expense that it resembles."""
    row, like = pair
    return [*row_values(row), like.title, like.spent_on.isoformat(), like.account]


def alike_of(values: Sequence[Any]) -> tuple[FileRow, StoredExpense]:
    *row, title, day, account = values
    return row_of(row), StoredExpense(title, date.fromisoformat(day), typed=False, account=account)


def problem_values(problem: Problem) -> list[Any]:
    return [problem.line, problem.column, problem.text, problem.message]


def problem_of(values: Sequence[Any]) -> Problem:
    line, column, text, message = values
    return Problem(line, Column(column), text, message)


def shown_values(rows: Iterable[Sequence[Entry | None]]) -> list[Any]:
    """The values of the rows of a question; `shown_of` reads them."""
    return [[entry and _entry_values(entry) for entry in row] for row in rows]


def shown_of(values: Iterable[Any]) -> list[tuple[Entry | None, ...]]:
    return [tuple(one and _entry_of(one) for one in row) for row in values]


def total_values(totals: Iterable[Total]) -> list[Any]:
    return [[*one[:3], str(one.amount)] for one in totals]


def totals_in(values: Iterable[Any]) -> tuple[Total, ...]:
    return tuple(Total(came_in, code, count, Decimal(amount)) for came_in, code, count, amount in values)


def _entry_values(entry: Entry) -> list[Any]:
    line, day, title, amount, *others = entry
    return [line, day.isoformat(), title, str(amount), *others]


def _entry_of(values: Sequence[Any]) -> Entry:
    line, day, title, amount, *others = values
    return Entry(line, date.fromisoformat(day), title, Decimal(amount), *others)

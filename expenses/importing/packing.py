"""Packs the content of an unfinished import, a table or entries, and its plan, as compressed JSON for the database."""

import dataclasses
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from expenses.importing.duplicates import StoredExpense
from expenses.importing.file_categories import FileCategory
from expenses.importing.fingerprints import FileRow
from expenses.importing.plan import Plan
from expenses.importing.questions import Question
from expenses.importing.totals import Total
from expenses.statements.statement import Column, Entry, Problem, Reading, Table

# Twice as fast as the default 6, for 10 % more bytes.
_LEVEL = 3


class PackingError(Exception):
    """The content of an import can't be unpacked: it is damaged, missing, or packed by another release."""


def pack_file(read: Table | Reading) -> bytes:
    """Pack the content of a file; `unpack_file` reverses it."""
    if isinstance(read, Table):
        return _pack(_table_values(read) | {"others": [*map(_table_values, read.others)]})
    problems = [*map(_problem_values, read.problems)]
    entries = [_entry_values(entry) for entry in read.entries]
    return _pack({"entries": entries, "problems": problems, "gap": _text_of(read.gap), "format": read.format})


def unpack_file(content: bytes) -> Table | Reading:
    found = _unpack(content)
    if "header" in found:
        return replace(_table_of(found), others=tuple(map(_table_of, found.get("others", ()))))
    problems = tuple(map(_problem_of, found["problems"]))
    entries = tuple(map(_entry_of, found["entries"]))
    return Reading(entries, problems, _number_of(found.get("gap")), found.get("format", ""))


def _table_values(table: Table) -> dict[str, Any]:
    names = ("header", "rows", "lines", "account", "year", "stated", "period", "sheet", "people", "format")
    return {name: getattr(table, name) for name in names}


def _table_of(found: dict[str, Any]) -> Table:
    """The table with these values. Earlier releases packed only header, rows and lines."""
    rows = tuple(map(tuple, found["rows"]))
    more = {name: found[name] for name in ("account", "year", "sheet", "people", "format") if name in found}
    pairs = {name: pair and tuple(pair) for name in ("stated", "period") if (pair := found.get(name))}
    return Table(tuple(found["header"]), rows, tuple(found["lines"]), **pairs, **more)


def _text_of(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def _number_of(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def pack_rows(rows: Iterable[FileRow]) -> bytes:
    """Pack the rows to write."""
    return _pack([*map(_row_values, rows)])


def unpack_rows(content: bytes, start: int, most: int) -> list[FileRow]:
    """Unpack at most `most` rows, from index `start` on."""
    return [*map(_row_of, _unpack(content)[start : start + most])]


def pack_plan(plan: Plan) -> bytes:
    """Pack a plan; `unpack_plan` reverses it."""
    alike = [[*_row_values(row), like.title, like.spent_on.isoformat(), like.account] for row, like in plan.alike]
    groups = {name: [*map(_row_values, getattr(plan, name))] for name in ("new", "known", "unbooked")}
    problems = [*map(_problem_values, plan.unreadable)]
    gap = plan.gap and [str(plan.gap[0]), plan.gap[1]]
    questions = [[one.name, [[*map(_values_or_none, each)] for each in one.rows], one.labels] for one in plan.questions]
    others = {"alike": alike, "unreadable": problems, "counts": plan.counts, "gap": gap, "questions": questions}
    others["categories"] = [dataclasses.astuple(one) for one in plan.categories]
    others["totals"] = [[*one[:3], str(one.amount)] for one in plan.totals]
    return _pack(groups | others)


def unpack_plan(content: bytes) -> Plan:
    found = _unpack(content)
    new, known, unbooked = (tuple(map(_row_of, found[name])) for name in ("new", "known", "unbooked"))
    alike = (
        (_row_of(row), StoredExpense(title, date.fromisoformat(day), typed=False, account=account))
        for *row, title, day, account in found["alike"]
    )
    problems = tuple(map(_problem_of, found["unreadable"]))
    gap = found["gap"] and (Decimal(found["gap"][0]), found["gap"][1])
    categories = tuple(FileCategory(*values) for values in found["categories"])
    totals = tuple(Total(*values, Decimal(amount)) for *values, amount in found["totals"])
    groups = new, tuple(alike), known, unbooked, problems
    return Plan(*groups, found["counts"], gap, tuple(_questions_of(found)), categories, totals)


def _questions_of(found: dict[str, Any]) -> Iterator[Question]:
    for name, lists, labels in found["questions"]:
        rows = (tuple(None if one is None else _entry_of(one) for one in each) for each in lists)
        yield Question(name, tuple(rows), tuple(labels))


def _values_or_none(entry: Entry | None) -> list[Any] | None:
    return None if entry is None else _entry_values(entry)


def _row_values(row: FileRow) -> list[Any]:
    return [row.number, row.fingerprint, *_entry_values(row.entry)]


def _row_of(values: list[Any]) -> FileRow:
    number, fingerprint, *entry = values
    return FileRow(number, fingerprint, _entry_of(entry))


def _problem_values(problem: Problem) -> list[Any]:
    return [problem.line, problem.column, problem.text, problem.message]


def _problem_of(values: list[Any]) -> Problem:
    line, column, text, message = values
    return Problem(line, Column(column), text, message)


def _entry_values(entry: Entry) -> list[Any]:
    line, day, title, amount, *others = entry
    return [line, day.isoformat(), title, str(amount), *others]


def _entry_of(values: list[Any]) -> Entry:
    line, day, title, amount, *others = values
    return Entry(line, date.fromisoformat(day), title, Decimal(amount), *others)


def _pack(value: Any) -> bytes:
    """Compress a value as JSON. Lone surrogates, which JSON files may contain, become question marks."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode(errors="replace"), _LEVEL)


def _unpack(content: bytes | None) -> Any:
    try:
        return json.loads(zlib.decompress(content or b""))
    except (zlib.error, ValueError) as error:
        raise PackingError from error

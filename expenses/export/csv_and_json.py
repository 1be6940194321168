"""Writers of CSV and JSON exports, line by line."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, TypedDict

from django.utils import timezone

from expenses.export.selection import ExportRow, Selection
from expenses.statements.formulas import harmless
from expenses.statements.own_exports import OWN_COLUMNS, VERSION, YES

# Lines in one piece.
LINES = 500
# Without it Excel garbles every script except Latin.
BYTE_ORDER_MARK = "\ufeff"


class ExportedEntry(TypedDict):
    """An `ExportRow` as JSON, as docs/files.md describes it."""

    id: str
    date: str
    title: str
    amount: str
    currency: str
    category: str
    reviewed: bool
    confidence: float | None
    note: str
    kind: str
    account: str
    one_off: bool
    base_category: str


class _Echo:
    """A file for `csv.writer` whose `write` returns the line, so that it can be streamed."""

    def write(self, line: str) -> str:
        return line


def write_csv(selection: Selection) -> Iterator[bytes]:
    rows = chain([OWN_COLUMNS], map(table_cells, selection.rows()))
    return in_pieces(chain([BYTE_ORDER_MARK], csv_lines(rows)))


def write_json(selection: Selection) -> Iterator[bytes]:
    head = json.dumps({"finbrain": VERSION, "exported_at": timezone.now().isoformat(timespec="seconds")})
    rows = json_list(map(to_json, selection.rows()))
    return in_pieces(chain([f'{head[:-1]}, "expenses": '], rows, ["}\n"]))


def csv_lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Yield the rows as CSV lines, with no text that a spreadsheet would run as a formula."""
    writer = csv.writer(_Echo())
    return (writer.writerow([harmless(cell) for cell in row]) for row in rows)


def json_list(rows: Iterable[Any], default: Callable[[Any], Any] | None = None) -> Iterator[str]:
    """Yield a JSON list with one row per line."""
    yield "["
    for number, row in enumerate(rows):
        yield (",\n" if number else "\n") + json.dumps(row, default=default, ensure_ascii=False)
    yield "\n]"


def in_pieces(lines: Iterable[str]) -> Iterator[bytes]:
    """Join lines into UTF-8 pieces of LINES lines: otherwise every line would be one write to the network."""
    lines = iter(lines)
    while some := "".join(islice(lines, LINES)):
        yield some.encode()


def table_cells(row: ExportRow) -> Sequence[str]:
    """The cells of one row, in the order of OWN_COLUMNS. Category and kind are names in the person's language."""
    sure = "" if row.confidence is None else f"{row.confidence:.2f}"
    amount = format(row.amount, "f")
    reviewed, one_off = (YES[0] if answer else "no" for answer in (row.reviewed, row.one_off))
    filed = row.category_name, row.note, reviewed, sure, str(row.kind.label), row.account, one_off, row.base_name
    return (row.day.isoformat(), row.title, amount, row.currency, *filed)


def to_json(row: ExportRow) -> ExportedEntry:
    return {
        "id": row.id,
        "date": row.day.isoformat(),
        "title": row.title,
        "amount": format(row.amount, "f"),
        "currency": row.currency,
        "category": row.category,
        "reviewed": row.reviewed,
        "confidence": row.confidence,
        "note": row.note,
        "kind": row.kind.value,
        "account": row.account,
        "one_off": row.one_off,
        "base_category": row.base_category,
    }

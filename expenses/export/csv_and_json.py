"""CSV and JSON, written line by line."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from django.utils import timezone

from classifier.categories import CATEGORIES
from expenses.export.selection import ExportRow, Selection
from expenses.statements.formulas import harmless
from expenses.statements.own import OWN_COLUMNS, VERSION, YES

# In one piece.
LINES = 500
# Without which Excel garbles all scripts but Latin.
BYTE_ORDER_MARK = "\ufeff"


class Echo:
    """A file for csv's writer that gives each line back."""

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
    """The rows as lines, without anything that a spreadsheet would execute."""
    writer = csv.writer(Echo())
    return (writer.writerow([harmless(cell) for cell in row]) for row in rows)


def json_list(rows: Iterable[Any], default: Callable[[Any], Any] | None = None) -> Iterator[str]:
    """A list, a row a line."""
    yield "["
    for number, row in enumerate(rows):
        yield (",\n" if number else "\n") + json.dumps(row, default=default, ensure_ascii=False)
    yield "\n]"


def in_pieces(lines: Iterable[str]) -> Iterator[bytes]:
    """Some hundred lines at once: a piece a line would be a write to the network a line."""
    lines = iter(lines)
    while some := "".join(islice(lines, LINES)):
        yield some.encode()


def table_cells(row: ExportRow) -> Sequence[str]:
    """One line of the table, in the order of OWN_COLUMNS. The category has the name that the person sees."""
    sure = "" if row.confidence is None else f"{row.confidence:.2f}"
    amount = format(row.amount, "f")
    category = str(CATEGORIES[row.category].name)
    reviewed = YES[0] if row.reviewed else "no"
    return (row.day.isoformat(), row.title, amount, row.currency, category, row.note, reviewed, sure)


def to_json(row: ExportRow) -> dict[str, Any]:
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
    }

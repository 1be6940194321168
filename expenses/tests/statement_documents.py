"""Statements as rows of cells that tests change so that their movements stay the same."""

import csv
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from expenses.statements import Entry, StatementError, Table, apply_mapping, needed_columns, read_file
from expenses.statements.guess import guess
from expenses.statements.long_rows import is_value
from expenses.statements.statement import Column, Mapping
from expenses.tests.test_statement_whole import File, written

# The least share of a table's columns that a line of names above others has.
_MOST = 0.6
# Delimiters of several characters.
_FRAMED = re.compile(r"~[|,;]~|#[;,]#")
Movement = tuple[str, str, Decimal, str, str, str]


class Unfair(Exception):  # no error: this document can't be changed so
    """A change would destroy what tells the movements of a document."""


def need(fair: object) -> None:
    if not fair:
        raise Unfair


class Outcome(NamedTuple):
    """What FinBrain makes of a file. asks: whether it refuses the file or asks the person about something."""

    asks: bool
    movements: list[Movement] = []
    entries: Sequence[Entry] = ()
    table: Table | None = None
    mapping: Mapping | None = None


def outcome(data: bytes, home: str) -> Outcome:
    """Read a file in columns as a person who accepts every guess."""
    try:
        table = read_file(data, "statement.csv")
    except StatementError:
        return Outcome(asks=True)
    if not isinstance(table, Table):
        return Outcome(asks=False)
    guessed = guess(table, home)
    if needed_columns(guessed.mapping):
        return Outcome(asks=True)
    reading = apply_mapping(table, guessed.mapping)
    others = (apply_mapping(table, other).entries for other in guessed.asks.values())
    asks = bool(reading.problems) or any(other != reading.entries for other in others)
    return Outcome(asks, _movements(reading.entries), reading.entries, table, guessed.mapping)


def _movements(entries: Sequence[Entry]) -> list[Movement]:
    """The movements in an order of their own. An amount with its fee is the same as both in two entries of a row."""
    by_row: dict[tuple[object, ...], list[Entry]] = defaultdict(list)
    for one in entries:
        by_row[one.line, one.spent_on, one.title, one.currency].append(one)
    found = []
    for first, *fees in by_row.values():
        amount = first.amount + sum(fee.amount for fee in fees)
        kind = "" if fees or (first.kind == "spent" and amount > 0) else f"{first.kind}"
        found.append((f"{first.spent_on}", first.title, amount, kind, first.currency, f"{first.status}"))
    return sorted(found)


@dataclass
class Document:
    """A file in columns that changes change.

    lines: the indexes of the rows below the names. top: that of the first row of names, or of these without names.
    names: that of the row of names. places: where each column is now. is_spent: of the rows that are one entry.
    """

    name: str
    read: Outcome
    rows: list[list[str]]
    delimiter: str
    lines: list[int]
    top: int
    names: int | None
    places: list[int]
    is_spent: dict[int, bool]
    encoding: str = "utf-8"
    quoting: int = csv.QUOTE_MINIMAL
    changes: list[str] = field(default_factory=list)

    def data(self) -> bytes:
        text = written(self.rows, self.delimiter, quoting=self.quoting, lineterminator="\n").decode()
        try:
            return text.encode(self.encoding)
        except UnicodeError:
            raise Unfair from None

    @property
    def mapping(self) -> Mapping:
        assert self.read.mapping
        return self.read.mapping

    @property
    def header(self) -> tuple[str, ...]:
        """The names that FinBrain found, which may be made of several lines."""
        assert self.read.table
        return self.read.table.header

    @property
    def name_row(self) -> list[str]:
        need(self.names is not None)
        return self.rows[self.names or 0]

    @property
    def width(self) -> int:
        return max(len(self.rows[at]) for at in self.lines)

    @property
    def table_rows(self) -> list[list[str]]:
        """The rows of names, movements and totals, each of the same width."""
        for at in range(self.top, len(self.rows)):
            row = self.rows[at]
            if sum(map(bool, row)) > 1 or at in self.lines:
                need(len(row) <= self.width)
                row += [""] * (self.width - len(row))
        return [row for row in self.rows[self.top :] if len(row) == self.width]

    def place(self, column: Column) -> int:
        need(column in self.mapping.columns)
        return self.places[self.mapping.columns[column]]

    def cells(self, place: int) -> dict[int, str]:
        """The filled cells of a column, by the indexes of their rows."""
        return {at: cell for at in self.lines if place < len(self.rows[at]) and (cell := self.rows[at][place].strip())}

    def insert(self, at: int, rows: list[list[str]]) -> None:
        """Insert rows before another one."""
        self.rows[at:at] = rows
        moved = {old: old + len(rows) * (old >= at) for old in range(len(self.rows))}
        self.lines = [moved[line] for line in self.lines]
        self.is_spent = {moved[line]: spent for line, spent in self.is_spent.items()}
        self.top = moved[self.top]
        self.names = None if self.names is None else moved[self.names]

    def has_sections(self) -> bool:
        """Whether rows between movements name columns again."""
        between = [self.rows[at] for at in range(self.lines[0], self.lines[-1]) if at not in self.lines]
        return any(sum(map(bool, row)) > 1 for row in between)


def document_of(file: File) -> Document | None:
    """A file as a document; None if it isn't one of rows and columns, or if its rows alone are read otherwise."""
    text = file.data.decode()
    delimiter = max(",;\t|", key=text.count)
    rows = [
        [cell.replace("\n", " ").replace("\r", "") for cell in row]
        for row in csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    ]
    rows = [row if any(map(str.strip, row)) else [] for row in rows]
    read = outcome(written(rows, delimiter, lineterminator="\n"), file.home)
    as_it_is = outcome(file.data, file.home)
    if not read.table or not read.entries or read.table.format != "csv" or read.movements != as_it_is.movements:
        return None
    lines = [line - 1 for line in read.table.lines]
    names, top = _names_above(rows, lines[0], read.table.header)
    are_joined = names is not None and any(any(rows[at][len(rows[names]) :]) for at in lines)  # 12,40 without quotes
    if are_joined or _FRAMED.search(text) or any(sum(map(bool, rows[at])) == 1 for at in lines):
        return None
    by_line: dict[int, list[Entry]] = defaultdict(list)
    for one in read.entries:
        by_line[one.line - 1].append(one)
    is_spent = {line: entries[0].amount > 0 for line, entries in by_line.items()}
    places = list(range(max(len(read.table.header), *map(len, rows))))
    return Document(file.name, read, rows, delimiter, lines, top, names, places, is_spent)


def _names_above(rows: list[list[str]], first: int, header: tuple[str, ...]) -> tuple[int | None, int]:
    """The index of the row that names columns, and of the first row of them; None and the first row if none does."""
    if not any(header):
        return None, first
    found = [at for at in range(first) if sum(map(bool, rows[at])) > 1 and not any(map(is_value, rows[at]))]
    found = [at for at in found if len(rows[at]) >= len(rows[first]) * _MOST]
    if not found:
        return None, first
    top = names = found[-1]
    while top - 1 in found or (top - 2 in found and not rows[top - 1]):
        top -= 1 if top - 1 in found else 2
    return names, top

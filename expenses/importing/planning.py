"""Makes the plan of an import, piece by piece, so that a long file takes several short steps."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple, TypedDict

from bson import ObjectId

from expenses.importing.accounts import AccountSource, known_accounts, names_of, short_names, with_accounts
from expenses.importing.choices import Choices
from expenses.importing.duplicates import find_duplicates
from expenses.importing.file_categories import CategoryCounts
from expenses.importing.fingerprints import FileRow, file_rows, pack_seen, repeated, seen_before, unpack_seen
from expenses.importing.packing import shown_of, shown_values, total_values, totals_in
from expenses.importing.pieces import Pieces
from expenses.importing.plan import Difference, Plan
from expenses.importing.questions import Questions
from expenses.importing.totals import Total, together, totals_of
from expenses.statements.apply import TableReader
from expenses.statements.part_readers import Place
from expenses.statements.so_far import SoFar, StoredSoFar
from expenses.statements.statement import Entry, Problem, Reading, Status, Table

_ID_BYTES = 12


class PlannedState(TypedDict, total=False):
    """The state of a `Planner` as JSON can hold it, empty before the first piece.

    done: how many pieces are planned. rows: how many rows these have. place: see `Pieces.reading`. so_far, asked: of
    tables alone.
    """

    done: int
    rows: int
    currencies: list[str]
    categories: list[Any]
    totals: dict[str, list[Any]]
    place: Place | None
    so_far: StoredSoFar
    asked: dict[str, list[Any]]


class Planned(NamedTuple):
    """What the planned pieces say, for the next ones. seen, taken: packed."""

    state: PlannedState
    seen: bytes = b""
    taken: bytes = b""


class Planner:
    """Plans an import piece by piece. The number of database calls doesn't depend on the number of rows of a piece.

    planned: what `planned` returned after the pieces before; None at the beginning. done: how many pieces are planned.
    """

    def __init__(self, ledger_id: ObjectId, choices: Choices, pieces: Pieces, planned: Planned | None = None) -> None:
        self.ledger_id, self.choices, self.pieces = ledger_id, choices, pieces
        state, seen, taken = planned or Planned(PlannedState())
        self.done, self.rows = state.get("done", 0), state.get("rows", 0)
        self.seen, self.taken = unpack_seen(seen), _ids_in(taken)
        self.categories = CategoryCounts.of(state.get("categories", ()))
        self.currencies: set[str] = {*state.get("currencies", ())}
        self.totals = {group: totals_in(values) for group, values in state.get("totals", {}).items()}
        self.reader: TableReader | None = None
        self.questions: Questions | None = None
        self.gap: Decimal | None = None
        self.place: Place | None = state.get("place")
        if pieces.is_table:
            beginning = pieces.table(0).table
            so_far = SoFar.of(state["so_far"]) if "so_far" in state else None
            self.reader = TableReader(beginning, choices.mapping_of(beginning), pieces.cells, so_far)
            asked = {name: shown_of(rows) for name, rows in state["asked"].items()} if "asked" in state else None
            self.questions = Questions(beginning, choices, asked)

    def planned(self) -> Planned:
        state: PlannedState = {
            "done": self.done,
            "rows": self.rows,
            "currencies": sorted(self.currencies),
            "categories": self.categories.stored(),
            "totals": {group: total_values(totals) for group, totals in self.totals.items()},
            "place": self.place,
        }
        if self.reader and self.questions:
            state["so_far"] = self.reader.so_far.stored()
            state["asked"] = {name: shown_values(rows) for name, rows in self.questions.found.items()}
        return Planned(state, pack_seen(self.seen), b"".join(one.binary for one in self.taken))

    def plan_next(self) -> Plan:
        """Sort the rows of the next piece."""
        reading = self._read()
        names = self._names(reading.entries)
        choices = self.choices
        accounts = known_accounts(reading.entries, choices.account, choices.source)
        entries = with_accounts(reading.entries, names, choices.account)
        rows = file_rows(self.ledger_id, entries, accounts, self.seen, self.rows)
        self.done, self.rows = self.done + 1, self.rows + len(rows)
        self.categories.add(reading.entries)
        self.currencies.update(entry.currency for entry in entries)
        plan = self._sorted(rows, reading.problems)
        self.totals = {group: self._total(group, rows) for group, rows in plan.tickable().items()}
        return plan

    def _total(self, group: str, rows: Sequence[FileRow]) -> tuple[Total, ...]:
        """The totals of a group with its rows of another piece."""
        return together((*self.totals.get(group, ()), *totals_of(row.entry for row in rows)))

    def summary(self) -> Plan:
        """The plan without rows, once all pieces are planned."""
        gap = self.reader.gap() if self.reader else self.gap
        currency = next(iter(self.currencies)) if len(self.currencies) == 1 else ""
        return Plan(
            gap=None if gap is None else Difference(gap, currency, bool(self.reader) and self.reader.is_owed()),
            questions=self.questions.questions() if self.questions and self.choices.asks else (),
            categories=self.categories.find(self.ledger_id),
            totals=self.totals,
        )

    def _read(self) -> Reading:
        if not (self.reader and self.questions):
            reading, self.place = self.pieces.reading(self.done, self.place)
            self.gap = reading.gap
            return reading
        piece = self.pieces.table(self.done)
        reading = self.reader.read(*piece)
        self.questions.add(piece, reading.entries)
        return replace(reading, problems=_completed(piece.table, reading.problems))

    def _names(self, entries: Sequence[Entry]) -> dict[str, str]:
        """The short name of each account that the file names."""
        if len(self.pieces) == 1:
            return names_of(entries)
        return names_of(entries) | short_names((self.reader.accounts if self.reader else self.pieces.accounts()) - {""})

    def _sorted(self, rows: Sequence[FileRow], problems: tuple[Problem, ...]) -> Plan:
        before = seen_before(self.ledger_id, rows)
        booked = [row for row in rows if row.entry.status == Status.BOOKED]
        names_accounts = self.choices.source == AccountSource.FILE
        alike = find_duplicates(self.ledger_id, booked, before, self.taken, names_accounts=names_accounts)
        again = repeated(rows, self.seen)
        known = [row for row in rows if row.fingerprint in before or row.number in again]
        left = {row.number for row in known}
        fresh = [row for row in booked if row.number not in left]
        left |= {row.number for row in booked}
        return Plan(
            new=tuple(row for row in fresh if row.number not in alike),
            alike=tuple((row, alike[row.number]) for row in fresh if row.number in alike),
            known=tuple(known),
            unbooked=tuple(row for row in rows if row.number not in left),
            unreadable=problems,
        ).counted()


def _completed(table: Table, problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Complete the problems for display: one with an empty cell shows the rest of its row instead."""
    rows = dict(zip(table.lines, table.rows, strict=True)) if problems else {}
    return tuple(
        each if each.text else replace(each, text=" · ".join(filter(None, rows[each.line]))) for each in problems
    )


def _ids_in(packed: bytes) -> set[ObjectId]:
    return {ObjectId(packed[start : start + _ID_BYTES]) for start in range(0, len(packed), _ID_BYTES)}

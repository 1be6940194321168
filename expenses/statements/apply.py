"""Turns a table into entries and problems, according to a mapping of its columns."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from decimal import Decimal

from expenses.statements import own_exports
from expenses.statements.analysis import Analysis
from expenses.statements.cells import CellError, currency_of
from expenses.statements.guess import sample_of
from expenses.statements.notation import is_zero, say_zero, says_no_money
from expenses.statements.row_reader import RowReader
from expenses.statements.so_far import SoFar
from expenses.statements.statement import MONEY, Column, Entry, Mapping, Problem, Reading, Table
from expenses.statements.totals import without_total
from expenses.statements.transfers import Transfers

# Text below a movement belongs to it if at least this share of the movements has such text.
_OFTEN = 0.3


def needed_columns(mapping: Mapping) -> list[Column]:
    """The required columns that a mapping lacks. Money out or money in can replace AMOUNT."""
    missing = [column for column in (Column.DATE, Column.TITLE) if column not in mapping.columns]
    return missing if any(column in mapping.columns for column in MONEY) else [*missing, Column.AMOUNT]


def apply_mapping(table: Table, mapping: Mapping) -> Reading:
    """Read every row as an Entry or a Problem, except totals, balances and headings, which are not movements.

    A row with a fee becomes two entries. Flags, a running balance and words decide the direction of amounts where
    `mapping.sign` can't. Raises ValueError if the mapping lacks one of its `needed_columns`.
    """
    reader = TableReader(table, mapping)
    reading = reader.read(table)
    return replace(reading, gap=reader.gap())


def money_in_line(table: Table, mapping: Mapping, line: int) -> tuple[Decimal, str] | None:
    """What the row in a line says was spent, negative if it came in, and its currency; None if it can't be read."""
    reader = TableReader(table, mapping)
    number = table.lines.index(line)
    try:
        return reader.spent(table.rows, number)
    except CellError:
        return None


class TableReader:
    """Reads a table, all of it or part by part in its order.

    beginning: the table or its first part, which tells what the columns mean. cells_of: the different cells that a
    column has in all parts. so_far: what the parts before say.
    """

    def __init__(
        self,
        beginning: Table,
        mapping: Mapping,
        cells_of: Callable[[int], Collection[str]] | None = None,
        so_far: SoFar | None = None,
    ) -> None:
        if missing := needed_columns(mapping):
            raise ValueError(f"The mapping lacks {', '.join(missing)}.")
        places = {one: at for one, at in mapping.columns.items() if at < len(beginning.header)}
        self.table, self.mapping = beginning, replace(mapping, columns=places)
        self.analysis = Analysis(beginning, self.mapping)
        self.account_at = self.analysis.roles.account
        names = cells_of or (lambda place: {row[place] for row in beginning.rows})
        self.accounts = {beginning.account} if self.account_at is None else {*names(self.account_at)}
        has_categories = Column.CATEGORY in places
        transfers = Transfers(beginning.header, beginning.rows, self.account_at, self.accounts, has_categories)
        sample, has_balance = sample_of(beginning), self.analysis.chain is not None
        self.rows = RowReader(beginning.header, self.mapping, self.analysis.roles, transfers, sample, has_balance)
        self.rows.account = beginning.account
        balances = self.analysis.balances(sample)
        self.rows.directions.compare_marks(sample, self.analysis.changes(sample, balances))
        self.so_far = so_far or SoFar()

    def read(self, table: Table, before: int = 0, after: int = 0) -> Reading:
        """Read a part. before, after: how many of its first and last rows belong to the parts around it."""
        end = len(table.rows) - after
        rows, lines = table.rows[before:end], table.lines[before:end]
        balances = self.analysis.balances(table.rows)
        changes = self.analysis.changes(table.rows, balances)[before:end]
        are_movements = self._movements(rows, changes)
        texts = self._texts_below(rows, are_movements)
        self.rows.section_status, self.rows.directions.section_is_spent = self.so_far.status, self.so_far.is_spent
        entries: list[Entry] = []
        problems: list[Problem] = []
        for number, (line, row) in enumerate(zip(lines, rows, strict=True)):
            if not are_movements[number]:
                self.rows.note_heading(row)
                continue
            try:
                entries += self.rows.entries(line, row, changes[number] if changes else None, texts.get(number, ""))
            except CellError as error:
                problems.append(Problem(line, error.column, error.text, str(error)))
        if len(rows) == len(self.table.rows):
            entries = without_total(entries)
        self.so_far.status, self.so_far.is_spent = self.rows.section_status, self.rows.directions.section_is_spent
        self.so_far.add(entries, lines, balances[before:end], changes)
        return Reading(tuple(entries), tuple(problems))

    def gap(self) -> Decimal | None:
        """The gap of all parts together, as of `Reading`."""
        return self.so_far.gap(self.table.stated, self.mapping.decimal)

    def is_owed(self) -> bool:
        """Whether the balances of the file are what the person owes."""
        return self.so_far.is_owed(self.table.stated, self.mapping.decimal)

    def spent(self, rows: Sequence[Sequence[str]], number: int) -> tuple[Decimal, str]:
        """The amount and the currency of one of the rows. Raises CellError if a cell is invalid."""
        changes = self.analysis.changes(rows, self.analysis.balances(rows))
        currency = currency_of(self.rows.cell(rows[number], Column.CURRENCY), self.mapping.currency)
        return self.rows.spent(rows[number], currency, changes[number] if changes else None)

    def _movements(self, rows: Sequence[Sequence[str]], changes: Sequence[Decimal | None]) -> list[bool]:
        """Whether each row is a movement, not of zero. In a table of several people, whether the chosen one had it."""
        if self.table.people:
            return [not is_zero(self.rows.cell(row, Column.AMOUNT)) for row in rows]
        pairs = zip(rows, changes or [None] * len(rows), strict=True)
        moved = [(row, bool(change) or not self._says_zero(row)) for row, change in pairs]
        return [has and row != self.table.header and not self.rows.is_no_movement(row) for row, has in moved]

    def _says_zero(self, row: Sequence[str]) -> bool:
        """Whether a row's amount is zero, and no fee or other amount says that money moved."""
        others = (*self.rows.roles.fees, *self.analysis.other_amounts)
        return say_zero([row[place] for place in self.rows.money_at]) and all(says_no_money(row[at]) for at in others)

    def _texts_below(self, rows: Sequence[Sequence[str]], are_movements: Sequence[bool]) -> dict[int, str]:
        """The text of lines that continue the movement above, by that movement's number."""
        if own_exports.is_own_table(self.table.header) or self.so_far.has_texts_below is False:
            return {}
        texts: dict[int, list[str]] = {}
        last: int | None = None
        for number, row in enumerate(rows):
            if are_movements[number]:
                last = number
            elif last is not None and (text := self.rows.continuation(row)):
                texts.setdefault(last, []).append(text)
            else:
                last = None
        if self.so_far.has_texts_below is None:
            # A text only below the last of several movements is a remark.
            are_below = [number for number in texts if any(are_movements[number + 1 :]) or sum(are_movements) == 1]
            self.so_far.has_texts_below = bool(are_below) and len(texts) > sum(are_movements) * _OFTEN
        return {number: " ".join(found) for number, found in texts.items()} if self.so_far.has_texts_below else {}

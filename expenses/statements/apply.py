"""Turns a table into entries and problems, according to a mapping of its columns."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from expenses.statements import own
from expenses.statements.balances import Chain, find_chain, net
from expenses.statements.cells import CellError, currency_of
from expenses.statements.day_columns import trend
from expenses.statements.directions import changes
from expenses.statements.guess import sample_of
from expenses.statements.header_words import is_no_amount, rank_role
from expenses.statements.notation import is_zero, read_number
from expenses.statements.profile import MOST, Profile
from expenses.statements.roles import Roles, find_roles
from expenses.statements.row_reader import RowReader
from expenses.statements.statement import MONEY, Column, Entry, Mapping, Problem, Reading, Status, Table
from expenses.statements.transfers import Transfers

# Rows in which a running balance is searched.
_CHAIN_ROWS = 300
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
    if missing := needed_columns(mapping):
        raise ValueError(f"The mapping lacks {', '.join(missing)}.")
    analysis, reader = _reader_of(table, mapping)
    reader.account = table.account
    are_movements = [row != table.header and not reader.is_no_movement(row) for row in table.rows]
    if table.people:  # the others' expenses
        amounts = [reader.cell(row, Column.AMOUNT) for row in table.rows]
        are_movements = [not is_zero(amount) for amount in amounts]
    texts = _texts_below(table, reader, are_movements)
    entries: list[Entry] = []
    problems: list[Problem] = []
    for number, (line, row) in enumerate(zip(table.lines, table.rows, strict=True)):
        if not are_movements[number]:
            reader.note_heading(row)
            continue
        try:
            entries += reader.entries(line, row, analysis.change(number), texts.get(number, ""))
        except CellError as error:
            problems.append(Problem(line, error.column, error.text, str(error)))
    return Reading(tuple(entries), tuple(problems), analysis.gap(entries))


def money_in_line(table: Table, mapping: Mapping, line: int) -> tuple[Decimal, str] | None:
    """What the row in a line says was spent, negative if it came in, and its currency; None if it can't be read."""
    analysis, reader = _reader_of(table, mapping)
    number = table.lines.index(line)
    row = table.rows[number]
    try:
        currency = currency_of(reader.cell(row, Column.CURRENCY), mapping.currency)
        return reader.spent(row, currency, analysis.change(number))
    except CellError:
        return None


def _reader_of(table: Table, mapping: Mapping) -> "tuple[Analysis, RowReader]":
    mapping = replace(mapping, columns={one: at for one, at in mapping.columns.items() if at < len(table.header)})
    analysis = Analysis(table, mapping)
    has_balance = analysis.chain is not None
    transfers = Transfers(table.header, table.rows, analysis.roles.account)
    return analysis, RowReader(table.header, mapping, analysis.roles, transfers, sample_of(table), has_balance)


def _texts_below(table: Table, reader: RowReader, are_movements: Sequence[bool]) -> dict[int, str]:
    """The text of lines that continue the movement above, by that movement's number."""
    if own.is_own(table.header):
        return {}
    texts: dict[int, list[str]] = {}
    last: int | None = None
    for number, row in enumerate(table.rows):
        if are_movements[number]:
            last = number
        elif last is not None and (text := reader.continuation(row)):
            texts.setdefault(last, []).append(text)
        else:
            last = None
    is_often = len(texts) > sum(are_movements) * _OFTEN
    return {number: " ".join(found) for number, found in texts.items()} if is_often else {}


class Analysis:
    """What a whole table says: further columns and the running balance."""

    def __init__(self, table: Table, mapping: Mapping) -> None:
        self.table, self.mapping = table, mapping
        rows = sample_of(table)
        cells = zip(*rows, strict=True) if rows else [()] * len(table.header)
        self.profiles = [
            Profile(place, name, column) for place, (name, column) in enumerate(zip(table.header, cells, strict=True))
        ]
        has_none = own.is_own(table.header) or bool(table.people)
        self.chain, self.balance_at = (None, None) if has_none else self._find_balance()
        own_only = Roles(titles=(mapping.columns[Column.TITLE],))
        self.roles = own_only if own.is_own(table.header) else find_roles(self.profiles, mapping, self.balance_at)
        if self.roles.fee is not None and not self._is_fee_extra():
            self.roles = replace(self.roles, fee=None)
        self.balances = self._numbers(self.balance_at) if self.chain and self.balance_at is not None else []
        self.changes = changes(self.balances, self.chain) if self.chain else []

    def change(self, number: int) -> Decimal | None:
        """What came in with a row by its running balance; None if unknown."""
        return self.changes[number] if self.changes else None

    def _numbers(self, place: int | None, rows: Sequence[Sequence[str]] | None = None) -> list[Decimal | None]:
        if place is None:
            return []
        rows = self.table.rows if rows is None else rows
        return [read_number(row[place], self.mapping.decimal) for row in rows]

    def _amounts(self, rows: Sequence[Sequence[str]]) -> list[Decimal | None]:
        at = self.mapping.columns
        if Column.AMOUNT in at:
            return self._numbers(at[Column.AMOUNT], rows)
        out, came = (self._numbers(at.get(column), rows) or [None] * len(rows) for column in MONEY[1:])
        return net(out, came)

    def _find_balance(self) -> tuple[Chain | None, int | None]:
        """The running balance that the amounts explain best, and its column."""
        rows = self.table.rows[:_CHAIN_ROWS]
        amounts = self._amounts(rows)
        best: tuple[Chain | None, int | None] = None, None
        free = [one for one in self.profiles if one.place not in self.mapping.columns.values()]
        for one in free:
            if one.money and one.numbers >= MOST and one.days < MOST and not one.is_ids:
                chain = find_chain(amounts, self._numbers(one.place, rows), self._is_newest_first(rows))
                if chain and (best[0] is None or chain.share > best[0].share):
                    best = chain, one.place
        return best

    def _is_newest_first(self, rows: Sequence[Sequence[str]]) -> bool | None:
        place = self.mapping.columns[Column.DATE]
        return trend([row[place] for row in rows], self.mapping.date_order)

    def _is_fee_extra(self) -> bool:
        """Whether a fee is in addition to the amount: no other column is the sum of both, and no balance denies it."""
        fee, amount = self.roles.fee, self.mapping.columns.get(Column.AMOUNT)
        if fee is None or amount is None or rank_role(self.table.header[amount], "amount 1") == 0:
            return False
        rows = [row for row in sample_of(self.table) if not is_zero(row[fee])]
        amounts, fees = self._numbers(amount, rows), self._numbers(fee, rows)
        for one in self.profiles:
            if one.place in (fee, amount) or not one.money or one.numbers < MOST or is_no_amount(one.header):
                continue
            sums = self._numbers(one.place, rows)
            trios = [(a, f, s) for a, f, s in zip(amounts, fees, sums, strict=True) if a and f and s]
            if trios and all(abs(a) in (abs(s + f), abs(s - f)) for a, f, s in trios):
                return False
        return not (self.chain and self._balance_ignores(rows))

    def _balance_ignores(self, rows: Sequence[Sequence[str]]) -> bool:
        """Whether the balance after rows with a fee follows from the amount alone."""
        lines = {id(row) for row in rows}
        all_rows = self.table.rows[:_CHAIN_ROWS]
        moves = changes(self._numbers(self.balance_at, all_rows), self.chain) if self.chain else []
        pairs = zip(all_rows, moves, self._amounts(all_rows), strict=True)
        known = [(move, amount) for row, move, amount in pairs if id(row) in lines and move and amount]
        return bool(known) and all(abs(move) == abs(amount) for move, amount in known)

    def gap(self, entries: Sequence[Entry]) -> Decimal | None:
        """The last balance minus what the first one and the entries lead to; None without balances.

        What isn't booked may or may not be part of the balances.
        """
        known = [one for one in self.balances if one is not None]
        if len({entry.currency for entry in entries}) > 1:
            return None
        if not self.chain or len(known) < 2:
            return self._gap_to_stated(entries)
        inner = sum((one for one in self.changes if one is not None), Decimal(0))
        first_lines = {
            line
            for line, change, balance in zip(self.table.lines, self.changes, self.balances, strict=True)
            if change is None and balance is not None
        }
        moved = [entry for entry in entries if entry.line not in first_lines]
        booked = [entry for entry in moved if entry.status == Status.BOOKED]
        gaps = [inner + sum(entry.amount for entry in some) for some in (booked, moved)]
        return next((gap for gap in gaps if not gap), gaps[0])

    def _gap_to_stated(self, entries: Sequence[Entry]) -> Decimal | None:
        """The gap between the balances that lines of their own state. On a card they may be what is owed."""
        opening, closing = (read_number(text, self.mapping.decimal) for text in self.table.stated or ("", ""))
        if opening is None or closing is None:
            return None
        spent = sum((entry.amount for entry in entries if entry.status == Status.BOOKED), Decimal(0))
        return min(closing - opening + spent, closing - opening - spent, key=abs)

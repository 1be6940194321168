"""Turns a table into entries and problems, according to a mapping of its columns."""

import re
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _

from expenses.statements import own
from expenses.statements.cells import (
    CellError,
    category_of,
    check_currency,
    check_day,
    currency_of,
    day_of,
    money_of,
    title_and_note,
)
from expenses.statements.header_words import SAYS_IN, SAYS_OUT, is_footer_name, is_footer_text, plain_header
from expenses.statements.notation import is_negative, is_zero, read_day
from expenses.statements.statement import Column, Entry, Mapping, Problem, Reading, Sign, Table

MONEY = (Column.AMOUNT, Column.MONEY_OUT, Column.MONEY_IN)
_CREDIT_OR_DEBIT = re.compile(r"(?<![^\W\d_])(CR|DR)\.?$", re.IGNORECASE)


def needed_columns(mapping: Mapping) -> list[Column]:
    """The required columns that a mapping lacks. Money out or money in can replace AMOUNT."""
    missing = [column for column in (Column.DATE, Column.TITLE) if column not in mapping.columns]
    return missing if any(column in mapping.columns for column in MONEY) else [*missing, Column.AMOUNT]


def apply_mapping(table: Table, mapping: Mapping) -> Reading:
    """Read every row as an Entry or a Problem, except totals, balances and headings, which are not movements.

    If no amount has a sign and a column says debit or credit for each, that column decides instead of `mapping.sign`.
    Raises ValueError if the mapping lacks one of its `needed_columns`.
    """
    if missing := needed_columns(mapping):
        raise ValueError(f"The mapping lacks {', '.join(missing)}.")
    reader = TableReader(table, mapping)
    entries, problems = [], []
    for line, row in zip(table.lines, table.rows, strict=True):
        if row == table.header or reader.is_no_movement(row):
            continue
        try:
            entries.append(reader.entry(line, row))
        except CellError as error:
            problems.append(Problem(line, error.column, error.text, str(error)))
    return Reading(tuple(entries), tuple(problems))


class TableReader:
    """Reads the rows of one table."""

    def __init__(self, table: Table, mapping: Mapping) -> None:
        self.mapping = mapping
        self.at = {column: place for column, place in mapping.columns.items() if place < len(table.header)}
        names = [name.lower() for name in table.header] if own.is_own(table.header) else []
        self.own_at = {name: place for place, name in enumerate(names)}
        self.trash_at = self.own_at.get(own.TRASH)
        out = [cell for row in table.rows if not is_zero(cell := self.cell(row, Column.MONEY_OUT))]
        self.direction_at = self.find_direction(table)
        self.out_is_negative = bool(out) and all(map(is_negative, out))

    def find_direction(self, table: Table) -> int | None:
        """The index of a column that says debit or credit for most amounts. None if any amount has a sign."""
        rows = [row for row in table.rows if row != table.header and not self.is_no_movement(row)]
        rows = [row for row in rows if not is_zero(self.cell(row, Column.AMOUNT))]
        if any(is_negative(self.cell(row, Column.AMOUNT)) for row in rows):
            return None
        free = sorted(set(range(len(table.header))) - set(self.at.values()))
        said = {place: sum(plain_header(row[place]) in SAYS_OUT | SAYS_IN for row in rows) for place in free}
        best = max(free, key=said.__getitem__, default=None)
        return best if best is not None and said[best] * 2 > len(rows) else None

    def cell(self, row: tuple[str, ...], column: Column) -> str:
        return row[self.at[column]] if column in self.at else ""

    def entry(self, line: int, row: tuple[str, ...]) -> Entry:
        """Read one row. Raises CellError if a cell is invalid."""
        text = self.cell(row, Column.DATE)
        day = check_day(day_of(text, self.mapping.date_order), text)
        amount, currency = self.spent(row, currency_of(self.cell(row, Column.CURRENCY), self.mapping.currency))
        check_currency(currency, day)
        title, note = title_and_note(self.cell(row, Column.TITLE), self.cell(row, Column.NOTE))
        category = category_of(self.cell(row, Column.CATEGORY))
        entry = Entry(line, day, title, amount, currency, category, note=note)
        return self.own_entry(entry, row) if self.own_at else entry

    def own_entry(self, entry: Entry, row: tuple[str, ...]) -> Entry:
        """Complete an entry of FinBrain's own export."""
        reviewed, one_off = (
            name in self.own_at and row[self.own_at[name]].lower() in own.YES for name in ("reviewed", own.ONE_OFF)
        )
        kind, account = (self.cell(row, column) for column in (Column.KIND, Column.ACCOUNT))
        return own.complete(replace(entry, reviewed=reviewed), kind, account, one_off)

    def spent(self, row: tuple[str, ...], currency: str) -> tuple[Decimal, str]:
        """The row's amount and currency; positive for money spent, negative for money received."""
        if Column.AMOUNT in self.at:
            amount, currency = self.by_sign(self.cell(row, Column.AMOUNT), currency)
            return amount if self.direction_at is None else self.by_word(row[self.direction_at], amount), currency
        out, came = (self.cell(row, column) for column in (Column.MONEY_OUT, Column.MONEY_IN))
        if not is_zero(out) and not is_zero(came):
            raise CellError(
                Column.MONEY_OUT,
                f"{out} / {came}",
                _("This row has both money out and money in. FinBrain needs exactly one of them."),
            )
        if is_zero(out) and not is_zero(came):
            amount, currency = money_of(came, currency, self.mapping.decimal, Column.MONEY_IN)
            return -abs(amount), currency
        amount, currency = money_of(out or came, currency, self.mapping.decimal, Column.MONEY_OUT)
        return -amount if self.out_is_negative else amount, currency

    def by_sign(self, text: str, currency: str) -> tuple[Decimal, str]:
        """Read an amount whose direction is its sign, or the CR or DR after it."""
        mark = _CREDIT_OR_DEBIT.search(text)
        amount, currency = money_of(text[: mark.start()].strip() if mark else text, currency, self.mapping.decimal)
        if mark:
            return -abs(amount) if mark[1].upper() == "CR" else abs(amount), currency
        return -amount if self.mapping.sign == Sign.SPENT_IS_NEGATIVE else amount, currency

    def by_word(self, text: str, amount: Decimal) -> Decimal:
        """Give an amount the direction that another column names: debit or credit."""
        word = plain_header(text)
        if word not in SAYS_OUT | SAYS_IN:
            raise CellError(Column.AMOUNT, text, _("The row doesn't say whether this amount was spent or received."))
        return -abs(amount) if word in SAYS_IN else abs(amount)

    def is_no_movement(self, row: tuple[str, ...]) -> bool:
        """Whether a row is a total, a balance, a heading, or a deleted expense of FinBrain's download.

        Totals and balances lack a date or an amount. A row with a date is a balance only if its title is exactly such a
        word and it has no amount.
        """
        if self.trash_at is not None and row[self.trash_at]:
            return True
        day, title = self.cell(row, Column.DATE), self.cell(row, Column.TITLE)
        amounts = [cell for column in MONEY if (cell := self.cell(row, column)) and not _is_no_money(cell)]
        if read_day(day, self.mapping.date_order):
            return not amounts and is_footer_name(title)
        filled = [cell for cell in row if cell]
        if len(filled) < 2:
            return not amounts
        return (not day or is_footer_text(day)) and any(map(is_footer_text, (filled[0], title)))


def _is_no_money(text: str) -> bool:
    """Whether a cell says that there is no money, instead of something unreadable."""
    return is_zero(text) and (any(map(str.isdecimal, text)) or not any(map(str.isalpha, text)))

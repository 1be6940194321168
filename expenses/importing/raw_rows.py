"""What FinBrain can read of an unreadable row, for the form in which the person mends it."""

from datetime import date
from typing import TypedDict

from expenses.importing.choices import Choices
from expenses.models.limits import NOTE_LENGTH, TITLE_LENGTH
from expenses.statements.apply import money_in_line
from expenses.statements.days import read_day
from expenses.statements.long_files import LongFile
from expenses.statements.notation import is_zero, read_number
from expenses.statements.statement import MONEY, Column, Reading, Table


class RowValues(TypedDict, total=False):
    """The values of the form for a row of a file."""

    title: str
    amount: str
    currency: str
    spent_on: date | None
    category: str
    kind: str
    note: str


def row_as_read(read: Table | Reading | LongFile, choices: Choices, line: int) -> RowValues:
    """The values of the form for the row in a line: what its cells say, as far as it can be read."""
    if not isinstance(read, Table) or choices.mapping is None:
        return {}
    table, mapping = read.of_sheet(choices.sheet), choices.mapping
    row = dict(zip(table.lines, table.rows, strict=True)).get(line)
    if row is None:
        return {}
    cells = {column: row[place] for column, place in mapping.columns.items()}
    values: RowValues = {
        "title": cells.get(Column.TITLE, "")[:TITLE_LENGTH],
        "spent_on": read_day(cells.get(Column.DATE, ""), mapping.date_order),
        "note": cells.get(Column.NOTE, "")[:NOTE_LENGTH],
    }
    if found := money_in_line(table, mapping, line):
        return {**values, "amount": format(found[0], "f"), "currency": found[1]}
    money = [cells[column] for column in MONEY if not is_zero(cells.get(column, ""))]
    number = read_number(money[0], mapping.decimal) if money else None
    return {**values, "amount": "" if number is None else format(abs(number), "f"), "currency": mapping.currency}

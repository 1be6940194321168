"""Data classes for the content of a file from a bank, a card company or FinBrain."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

# Of a file of movements that is read part by part; of text with columns; of a spreadsheet or an archive; of any other
# file, which is read at once and not as fast.
MAX_BYTES, MAX_TABLE_BYTES, MAX_SHEET_BYTES, MAX_OTHER_BYTES = (n * 1024 * 1024 for n in (24, 18, 8, 5))
MAX_ROWS, MAX_OTHER_ROWS = 100_000, 20_000
# Of text with columns. What reading it costs follows from its cells more than from its bytes.
MAX_CELLS = 2_000_000
MAX_COLUMNS = 100
# Characters of a cell that are read: more than title and note can have together.
LONGEST_CELL = 2_000


class StatementError(ValueError):
    """Raised for an unreadable file; `str(error)` is a translated sentence that says why and what to do."""


class Column(StrEnum):
    """The columns of a table that FinBrain uses."""

    DATE = "date"
    TITLE = "title"
    AMOUNT = "amount"
    MONEY_OUT = "money_out"
    MONEY_IN = "money_in"
    CURRENCY = "currency"
    CATEGORY = "category"
    NOTE = "note"
    KIND = "kind"
    ACCOUNT = "account"


# The columns of money: either an amount, or money out and money in.
MONEY = (Column.AMOUNT, Column.MONEY_OUT, Column.MONEY_IN)


class DateOrder(StrEnum):
    """The order of year, month and day in dates."""

    YEAR_FIRST = "ymd"
    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


class Status(StrEnum):
    """Whether the bank has executed a movement."""

    BOOKED = "booked"
    PENDING = "pending"
    CANCELLED = "cancelled"


class Sign(StrEnum):
    """The sign of money spent in a column with both directions."""

    SPENT_IS_POSITIVE = "positive"
    SPENT_IS_NEGATIVE = "negative"


@dataclass(frozen=True)
class Table:
    """The cells of a CSV file or a sheet, as text, without the lines above the table.

    Dates of a sheet are ISO text, its numbers have a decimal point. Names are empty if the file has none.
    lines: the line of each row in the file, from 1, for messages. Every row is as long as `header`.
    account: the account that the lines above the table name, or "". year: the year of the last day if the file has days
    without a year and says it nowhere, so that it is assumed; else None. stated: the opening and the closing balance if
    lines of their own state them. period: the first and the last day of the statement, if a line above the table states
    them. sheet: its name, and others: the further tables, if a workbook has several sheets with movements. people: how
    many of its last columns hold what one person of a group spent, of whom one imports it. format: what the file is, as
    of `files.read_file`.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    account: str = ""
    year: int | None = None
    stated: tuple[str, str] | None = None
    period: tuple[str, str] | None = None
    sheet: str = ""
    others: tuple["Table", ...] = ()
    people: int = 0
    format: str = ""

    @property
    def first_person(self) -> int:
        """The index of the first of those columns."""
        return len(self.header) - self.people

    def of_sheet(self, name: str) -> "Table":
        """The table of the sheet with this name, or this one if there is none."""
        return next((table for table in self.others if table.sheet == name), self)


@dataclass(frozen=True)
class Mapping:
    """How to read a table.

    columns: the index of each used column. decimal: "." or ",". currency: the default for rows without one. years_back:
    how many years before the assumed ones the days are, for a table with a `year`.
    """

    columns: dict[Column, int]
    date_order: DateOrder
    decimal: str
    sign: Sign
    currency: str
    years_back: int = 0


class Entry(NamedTuple):
    """One movement of money.

    line: its line in the file. amount: in `currency`, with its decimals, never zero; positive for money spent, negative
    for money received. category: a slug, or "" if the file names none that FinBrain knows. reviewed: whether a person
    has confirmed the category, which only FinBrain's own exports say. bank_id: the bank's id for the movement (account
    and OFX FITID), or "". kind: spent, moved or received, or "" if the file doesn't say.
    account: the person's account or card as the file names it, or "". file_category: the category as the file names it.
    one_off: only FinBrain's own exports say so.
    """

    line: int
    spent_on: date
    title: str
    amount: Decimal
    currency: str
    category: str = ""
    reviewed: bool = False
    note: str = ""
    bank_id: str = ""
    kind: str = ""
    status: str = Status.BOOKED
    account: str = ""
    file_category: str = ""
    one_off: bool = False


@dataclass(frozen=True)
class Problem:
    """A row that FinBrain can't read.

    column: the column of the invalid cell. text: the cell. message: a translated sentence that says what is wrong.
    """

    line: int
    column: Column
    text: str
    message: str


@dataclass(frozen=True)
class Reading:
    """The content of a file. Every row is an entry or a problem, except empty rows, headings, totals and balances.

    gap: the closing balance that the file states minus the one that its opening balance and the entries lead to; zero
    if they add up, None if the file states no balances. format: what the file is, as of `files.read_file`.
    """

    entries: tuple[Entry, ...] = field(default=())
    problems: tuple[Problem, ...] = field(default=())
    gap: Decimal | None = None
    format: str = ""

"""What a file from a bank, a card company or FinBrain itself is read into."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 20_000


class StatementError(ValueError):
    """Nothing can be read from the file; `str(error)` is a translated sentence that says why and what to do."""


class Column(StrEnum):
    """What a column of a table can hold."""

    DATE = "date"
    TITLE = "title"
    AMOUNT = "amount"
    MONEY_OUT = "money_out"
    MONEY_IN = "money_in"
    CURRENCY = "currency"
    CATEGORY = "category"
    NOTE = "note"


class DateOrder(StrEnum):
    """How the file writes days."""

    YEAR_FIRST = "ymd"
    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


class Sign(StrEnum):
    """What a column that holds both directions writes for money that was spent."""

    SPENT_IS_POSITIVE = "positive"
    SPENT_IS_NEGATIVE = "negative"


@dataclass(frozen=True)
class Table:
    """The cells of a CSV file or a sheet, as text, without what stands above the table.

    Days of a sheet are ISO text, its numbers have a decimal point. Where the file names no columns `header` numbers
    them. lines: where each row stands in the file, counted from 1, for messages. Every row is as long as `header`.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Mapping:
    """How a table is to be understood.

    columns: the index of each column that is used. decimal: "." or ",". currency: for rows that name none.
    """

    columns: dict[Column, int]
    date_order: DateOrder
    decimal: str
    sign: Sign
    currency: str


@dataclass(frozen=True)
class Entry:
    """One movement of money.

    line: where it stands in the file. amount: in `currency`, with its decimals, never zero; positive is money spent,
    negative is money that came in. category: a slug, empty when the file names none that FinBrain knows; reviewed:
    whether a person is known to have confirmed it, which only FinBrain's own exports say. bank_id: what the bank calls
    the movement (the OFX FITID, with the account), else empty.
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


@dataclass(frozen=True)
class Problem:
    """A row that could not be read.

    column: what the cell should have held. text: what stands there. message: a translated sentence.
    """

    line: int
    column: Column
    text: str
    message: str


@dataclass(frozen=True)
class Reading:
    """What a file says: every row is in one of the two, but for empty ones, headings, and totals and balances."""

    entries: tuple[Entry, ...] = field(default=())
    problems: tuple[Problem, ...] = field(default=())

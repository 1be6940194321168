"""Guesses the mapping of a table from its column names and cells."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from babel.numbers import list_currencies

from expenses import money
from expenses.statements import own
from expenses.statements.cells import CellError, currency_of
from expenses.statements.header_words import NOT_SPENT, ORIGINAL, WHOLE_NAME, currency_named, has_word, rank_columns
from expenses.statements.notation import (
    decimal_votes,
    is_number,
    looks_like_day,
    only_separator,
    read_day,
)
from expenses.statements.sign import guess_sign
from expenses.statements.statement import Column, DateOrder, Mapping, Sign, Table

# The number of rows that the guess reads, fewer in a table with many columns.
_SAMPLE, _SAMPLE_CELLS = 500, 20_000
# The share of a column's cells that must fit.
MOST = 0.6
_MONTH_FIRST_HOMES = {"USD", "PHP"}
# All codes of ISO 4217, including those without exchange rates in FinBrain.
CODES = list_currencies()
ONE_WAY = (Column.MONEY_OUT, Column.MONEY_IN)
MONEY = (Column.AMOUNT, *ONE_WAY)


def guess_mapping(table: Table, home_currency: str) -> Mapping:
    """Guess the mapping of a table, without the columns that can't be guessed.

    home_currency: the currency of files and rows that name no other.
    """
    guesser = Guesser(table, home_currency)
    is_own = own.is_own(table.header)
    columns = own.own_columns(table.header) if is_own else guesser.columns()
    order = guesser.date_order(columns.get(Column.DATE))
    amounts = [cell for column in MONEY if column in columns for cell in guesser.cells[columns[column]]]
    sign = Sign.SPENT_IS_POSITIVE if is_own else guess_sign(sample_of(table), columns)
    return Mapping(columns, order, _decimal_sign(amounts), sign, guesser.currency(columns, amounts))


def sample_of(table: Table) -> Sequence[tuple[str, ...]]:
    """The rows that the guess reads."""
    return table.rows[: min(_SAMPLE, _SAMPLE_CELLS // len(table.header))]


def _decimal_sign(amounts: Sequence[str]) -> str:
    """The decimal separator that most amounts show.

    If no amount shows it, a point before three digits separates thousands, because no currency that FinBrain knows has
    three decimals.
    """
    votes = Counter(vote for cell in amounts if (vote := decimal_votes(cell)))
    if votes:
        return "," if votes[","] > votes["."] else "."
    return "," if {separator for cell in amounts if (separator := only_separator(cell))} == {"."} else "."


@dataclass
class Guesser:
    """Guesses the columns of one table. home: the code of the home currency."""

    table: Table
    home: str

    @cached_property
    def cells(self) -> list[list[str]]:
        """The non-empty cells of each column."""
        rows = sample_of(self.table)
        return [[row[place] for row in rows if row[place]] for place in range(len(self.table.header))]

    def columns(self) -> dict[Column, int]:
        """Find the columns, by name first, then by content. Either money out and money in are found, or an amount."""
        found: dict[Column, int] = {}
        for column, fits in self.tests().items():
            if column == Column.AMOUNT and Column.MONEY_OUT in found:
                continue
            free = [place for place in range(len(self.table.header)) if place not in found.values()]
            if column == Column.CURRENCY:
                free = self.of_currencies(free, found)
            named = [place for place in free if self.is_named(place, column, fits)]
            place = max(named, key=lambda place: self.rank(place, column), default=self.seen(column, found, free))
            if place is not None:
                found[column] = place
            if column == Column.MONEY_IN and not {*ONE_WAY} <= found.keys():
                found = {column: place for column, place in found.items() if column not in ONE_WAY}
        return found

    def tests(self) -> dict[Column, Callable[[str], bool]]:
        """The test for the cells of each column, in the order in which columns are searched."""
        return {
            Column.DATE: looks_like_day,
            Column.MONEY_OUT: is_number,
            Column.MONEY_IN: is_number,
            Column.AMOUNT: is_number,
            Column.CURRENCY: self.is_currency,
            Column.TITLE: _is_text,
            Column.CATEGORY: _is_text,
            Column.NOTE: bool,
        }

    def rank(self, place: int, column: Column) -> int:
        header = self.table.header[place]
        if column in MONEY and has_word(header, NOT_SPENT):
            return 0
        found = rank_columns(header, column)
        if column in ONE_WAY and rank_columns(header, Column.AMOUNT) > found:
            return 0
        if found and column in (*MONEY, Column.CURRENCY) and has_word(header, ORIGINAL):
            return 1
        return found

    def of_currencies(self, free: Sequence[int], found: dict[Column, int]) -> list[int]:
        """The columns that may name the currency of the amounts found.

        None if the header of an amount names it. The currency of an original amount counts only for original amounts.
        """
        amounts = [self.table.header[found[column]] for column in MONEY if column in found]
        if any(currency_named(header, self.home) for header in amounts):
            return []
        is_original = any(has_word(header, ORIGINAL) for header in amounts)
        return [place for place in free if is_original or not has_word(self.table.header[place], ORIGINAL)]

    def is_named(self, place: int, column: Column, fits: Callable[[str], bool]) -> bool:
        """Whether a header names a column and its cells agree. If it matches exactly, one fitting cell is enough."""
        found = self.rank(place, column)
        if found >= WHOLE_NAME:
            return not self.cells[place] or any(map(fits, self.cells[place]))
        return found > 0 and self.most(place, fits)

    def most(self, place: int, fits: Callable[[str], bool]) -> bool:
        """Whether most cells of a column fit. True for an empty column."""
        cells = self.cells[place]
        return sum(map(fits, cells)) >= len(cells) * MOST

    def is_currency(self, cell: str) -> bool:
        try:
            return bool(currency_of(cell, self.home))
        except CellError:
            return False

    def seen(self, column: Column, found: dict[Column, int], free: Sequence[int]) -> int | None:
        """The index of the column whose cells look like `column`; None if there is none."""
        if column == Column.DATE:
            places = [place for place in free if self.cells[place] and self.most(place, looks_like_day)]
        elif column == Column.AMOUNT:
            places = [place for place in free if self.is_amounts(place)]
        elif column == Column.TITLE:
            texts = [place for place in free if self.cells[place] and self.most(place, _is_text)]
            places = sorted(texts, key=lambda place: -len({*self.cells[place]}))
        elif column == Column.CURRENCY:
            codes = [place for place in free if self.cells[place] and CODES.issuperset(self.cells[place])]
            amounts = [found[one] for one in MONEY if one in found]
            places = sorted(codes, key=lambda place: min((abs(place - amount) for amount in amounts), default=0))
        else:
            return None
        return places[0] if places else None

    def is_amounts(self, place: int) -> bool:
        """Whether a column has numbers with decimals and is not a balance."""
        cells = self.cells[place]
        if not cells or has_word(self.table.header[place], NOT_SPENT) or not self.most(place, is_number):
            return False
        return sum(bool(decimal_votes(cell)) for cell in cells) * 2 > len(cells)

    def date_order(self, place: int | None) -> DateOrder:
        """The date order that fits most cells.

        If several do, the one that puts neighbouring rows' days closest together, because statements are sorted.
        """
        cells = self.cells[place] if place is not None else []
        usual = [DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST, DateOrder.YEAR_FIRST]
        if self.home in _MONTH_FIRST_HOMES:
            usual[:2] = DateOrder.MONTH_FIRST, DateOrder.DAY_FIRST

        def unlikely(order: DateOrder) -> tuple[int, int]:
            days = [day for cell in cells if (day := read_day(cell, order))]
            return len(cells) - len(days), sum(abs((after - before).days) for before, after in pairwise(days))

        best = min(usual, key=unlikely)
        return DateOrder.YEAR_FIRST if cells and all(cell[:4].isdecimal() for cell in cells) else best

    def currency(self, columns: dict[Column, int], amounts: Sequence[str]) -> str:
        """The currency in an amount's header, else the one that most amounts name, else the home currency."""
        for column in MONEY:
            named = currency_named(self.table.header[columns[column]], self.home) if column in columns else ""
            if named:
                return named
        signs = Counter(sign for cell in amounts if (sign := "".join(filter(_is_sign, cell)).strip()))
        for sign, count in signs.most_common(1):
            if count * 2 > len(amounts) and self.is_currency(sign):
                return currency_of(sign, self.home)
        return self.home if self.home in money.KNOWN else money.EUR


def _is_sign(char: str) -> bool:
    return not char.isdecimal() and char not in "-+()., '’\xa0\u202f\u2212\u200e\u200f"


def _is_text(cell: str) -> bool:
    return any(map(str.isalpha, cell)) and not looks_like_day(cell)

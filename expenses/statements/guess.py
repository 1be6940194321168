"""Guesses the mapping of a table from its column names and cells, and says what is undecided."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from expenses.statements import own_exports
from expenses.statements.app_exports import app_columns, is_decoration
from expenses.statements.balances import Chain
from expenses.statements.choose_money import choose_money, with_total
from expenses.statements.currency_columns import Currencies
from expenses.statements.day_columns import DayGuess, choose_days
from expenses.statements.days import looks_like_day, read_count
from expenses.statements.header_words import WHOLE_NAME, begins_with_footer, rank_columns, rank_role
from expenses.statements.money_columns import MoneyChooser, MoneyReading
from expenses.statements.notation import decimal_votes, has_digits, is_number, is_zero, only_separator
from expenses.statements.profile import MOST, Profile
from expenses.statements.sign import SignGuess, guess_sign
from expenses.statements.statement import MONEY, Column, DateOrder, Mapping, Sign, Table
from expenses.statements.title_columns import LEAST, order_titles

# The number of rows that the guess reads, fewer in a table with many columns.
_SAMPLE, _SAMPLE_CELLS = 500, 20_000
ONE_WAY = (Column.MONEY_OUT, Column.MONEY_IN)


@dataclass(frozen=True)
class Guess:
    """A mapping, and what the table leaves undecided.

    asks: "amount", "share", "sign", "date_order" or "year", each with another mapping that is as likely.
    """

    mapping: Mapping
    asks: dict[str, Mapping] = field(default_factory=dict)


def guess_mapping(table: Table, home_currency: str) -> Mapping:
    """Guess the mapping of a table, without the columns that can't be guessed.

    home_currency: the currency of files and rows that name no other.
    """
    return guess(table, home_currency).mapping


def guess(table: Table, home_currency: str) -> Guess:
    """Guess the mapping of a table, and say which parts are undecided."""
    guesser = Guesser(table, home_currency)
    if own_exports.is_own_table(table.header):
        columns = own_exports.own_columns(table.header)
        days = guesser.found_days = guesser.days(columns[Column.DATE])
        sign = SignGuess(Sign.SPENT_IS_POSITIVE, True)
    else:
        columns, days = guesser.columns(), guesser.found_days
        chain = guesser.money.chain if guesser.money else None
        sign = SignGuess(Sign.SPENT_IS_POSITIVE, True) if table.people else guesser.sign(columns, chain)
    amounts = guesser.cells_of(columns[column] for column in MONEY if column in columns)
    currency = guesser.currencies.usual(columns, amounts)
    decimal = _decimal_sign(amounts, guesser.all_numbers, guesser.currencies.most_decimals(columns, currency))
    mapping = Mapping(columns, days.order, decimal, sign.sign, currency)
    return Guess(mapping, _asks(guesser, mapping, days, sign))


def _asks(guesser: "Guesser", mapping: Mapping, days: DayGuess, sign: SignGuess) -> dict[str, Mapping]:
    """Another mapping for each part that is undecided."""
    asks = {}
    if guesser.rival:
        others = {one: at for one, at in mapping.columns.items() if one not in MONEY}
        used = guesser.rival.columns
        columns = {one: at for one, at in others.items() if at not in used.values()} | used
        asks["amount"] = replace(mapping, columns=columns, sign=guesser.sign(columns, None).sign)
    if guesser.table.people:
        asks["share"] = replace(mapping, columns=mapping.columns | {Column.AMOUNT: guesser.table.first_person + 1})
    if not sign.is_sure:
        asks["sign"] = replace(mapping, sign=next(one for one in Sign if one != mapping.sign))
    if days.other:
        asks["date_order"] = replace(mapping, date_order=days.other)
    if guesser.table.year:
        asks["year"] = replace(mapping, years_back=1)
    return asks


def sample_of(table: Table) -> Sequence[tuple[str, ...]]:
    """The rows that the guess reads."""
    return table.rows[: min(_SAMPLE, _SAMPLE_CELLS // len(table.header))]


def without_footers(table: Table) -> Sequence[tuple[str, ...]]:
    """The rows of the sample that may be movements."""
    sample = sample_of(table)
    rows = [row for row in sample if sum(map(bool, row)) > 1 and not begins_with_footer(row)]
    rows = [row for row in rows if any(map(has_digits, row))] or sample
    return rows if any(table.header) else _with_days(rows)


def _decimal_sign(amounts: Sequence[str], others: Sequence[str], decimals: int = 2) -> str:
    """The decimal separator that most amounts show, or that other numbers show if no amount does.

    If no number shows it, a point or comma before three digits separates thousands, or is decimal if currencies have
    three decimals. decimals: the most that a currency of the amounts has.
    """
    for cells in (amounts, others):
        votes = Counter(vote for cell in cells if (vote := decimal_votes(cell)))
        if votes:
            return "," if votes[","] > votes["."] else "."
    grouping = {separator for cell in amounts if (separator := only_separator(cell))}
    return "," if grouping == ({","} if decimals > 2 else {"."}) else "."


class Guesser:
    """Guesses the columns of one table. home: the code of the home currency."""

    def __init__(self, table: Table, home: str) -> None:
        self.table, self.home = table, home
        rows = without_footers(table)
        cells = zip(*rows, strict=True)
        self.profiles = [
            Profile(place, name, column) for place, (name, column) in enumerate(zip(table.header, cells, strict=True))
        ]
        self.currencies = Currencies(self.profiles, home)
        self.money: MoneyReading | None = None
        self.rival: MoneyReading | None = None
        self.found_days = DayGuess(None, DateOrder.DAY_FIRST)

    def cells_of(self, places: Iterable[int]) -> list[str]:
        """The filled cells of columns in the rows of entries."""
        return [cell for place in places for at in self._entries if (cell := self.profiles[place].cells[at])]

    @cached_property
    def all_numbers(self) -> list[str]:
        """All numbers of columns that may be money, in the rows of entries."""
        places = [one.place for one in self.profiles if one.numbers >= MOST and one.days < MOST]
        return [cell for cell in self.cells_of(places) if is_number(cell) and not is_zero(cell)]

    @cached_property
    def _entries(self) -> Sequence[int]:
        """The indexes of the rows with a day; of all rows if none has one. Footers may have a notation of their own."""
        place = self.found_days.place
        cells = self.profiles[place].cells if place is not None else ()
        found = [at for at, cell in enumerate(cells) if looks_like_day(cell) or read_count(cell) is not None]
        return found or range(len(self.profiles[0].cells) if self.profiles else 0)

    def days(self, place: int | None = None) -> DayGuess:
        return choose_days(self.profiles, self.home, place, self.table.period)

    def columns(self) -> dict[Column, int]:
        """Find the columns. Either money out and money in are found, or an amount."""
        self.found_days = self.days()
        known = app_columns(self.table.header)
        found = {} if self.found_days.place is None else {Column.DATE: self.found_days.place}
        others = [one for one in self.profiles if one.place not in found.values()]
        chooser = MoneyChooser(others, _decimal_sign([], self.all_numbers), self.found_days.is_newest_first)
        readings = self.currencies.home_first(chooser.readings())
        self.money, self.rival = self.currencies.choose(
            *choose_money(readings, has_names=any(self.table.header), are_equal=chooser.are_equal)
        )
        if self.rival and (found_total := with_total(readings, self.table.rows, _decimal_sign([], self.all_numbers))):
            self.money, self.rival = found_total, None
        if self.table.people:
            self.money, self.rival = MoneyReading({Column.AMOUNT: self.table.first_person}, 0), None
        if ways := {column: place for column, place in known.items() if column in MONEY}:
            self.money, self.rival = MoneyReading(ways, 0), None
        if self.money:
            found |= self.money.columns
        self._add(found, Column.CURRENCY, known.get(Column.CURRENCY, self.currencies.place(found)))
        numeric = {self.money.balance_at} if self.money else set()
        drawn = {one.place for one in self.profiles if is_decoration(one.header)}
        titles = order_titles(self.profiles, {*found.values(), *numeric, *drawn})
        if Column.TITLE in known:
            found |= {column: known[column] for column in (Column.TITLE, Column.NOTE) if column in known}
        elif titles and (self._is_title(*titles[0]) or len(titles) == 1):
            found[Column.TITLE] = titles[0][1]
        for column in (Column.CATEGORY, Column.NOTE):
            if column not in found:
                self._add(found, column, self._named(column, found))
        if Column.TITLE not in found:
            self._add_last_title(found, [place for _score, place in titles])
        return found

    def _add_last_title(self, found: dict[Column, int], places: Sequence[int]) -> None:
        """Add the notes as titles, or else the kinds, if there are any. places: of the columns that may be titles."""
        kinds = [at for at in places if rank_role(self.table.header[at], "kind") >= WHOLE_NAME]
        if Column.NOTE in found and self.profiles[found[Column.NOTE]].filled:
            found[Column.TITLE] = found.pop(Column.NOTE)
        elif kinds:
            found[Column.TITLE] = kinds[0]

    def sign(self, columns: dict[Column, int], chain: Chain | None) -> SignGuess:
        at = columns.get(Column.DATE)
        rows = [row for row in sample_of(self.table) if at is not None and looks_like_day(row[at])]
        return guess_sign(self.table.header, rows or sample_of(self.table), columns, chain)

    def _is_title(self, score: float, place: int) -> bool:
        return score >= LEAST or rank_columns(self.table.header[place], Column.TITLE) > 0

    @staticmethod
    def _add(found: dict[Column, int], column: Column, place: int | None) -> None:
        if place is not None:
            found[column] = place

    def _named(self, column: Column, found: dict[Column, int]) -> int | None:
        """The free column of texts with the best name; None if no name says so."""
        free = [one for one in self.profiles if one.place not in found.values() and _has_texts(one)]
        ranks = {one.place: rank_columns(one.header, column) for one in free}
        place = max(ranks, key=lambda place: ranks[place], default=None)
        return place if place is not None and ranks[place] else None


def _with_days(rows: Sequence[tuple[str, ...]]) -> Sequence[tuple[str, ...]]:
    """The rows with a day where most have one: in a table without names, a line of the account may stand above them."""
    days = [[row for row in rows if looks_like_day(row[at])] for at in range(len(rows[0]) if rows else 0)]
    found = max(days, key=len, default=[])
    return found if len(found) > len(rows) * MOST else rows


def _has_texts(one: Profile) -> bool:
    """Whether a column may be a note or category. True for an empty column."""
    return not one.filled or one.texts >= MOST

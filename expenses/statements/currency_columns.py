"""Chooses the column with the currencies of a table's amounts, and the currency of amounts without one."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from expenses import money
from expenses.money.words import WORDS, normal_word
from expenses.statements.cells import CellError, currency_of
from expenses.statements.header_words import WHOLE_NAME, currency_named, is_original, rank_columns, rank_role
from expenses.statements.money_columns import MoneyReading
from expenses.statements.notation import decimal_votes, is_zero, read_number
from expenses.statements.plain_words import plain_header
from expenses.statements.profile import CODES, MOST, Profile
from expenses.statements.statement import MONEY, Column

# Amounts in two currencies are as likely if their scores differ by less.
_CLOSE = 4.0


class Currencies:
    """What the columns of one table say about currencies. home: the code of the home currency."""

    def __init__(self, profiles: Sequence[Profile], home: str) -> None:
        self.profiles, self.home = profiles, home

    def place(self, found: dict[Column, int]) -> int | None:
        """The column with the currencies of the amounts found, by name, else by its codes.

        None if the header of an amount names it. The currency of an original amount counts only for original amounts.
        """
        amounts = [found[column] for column in MONEY if column in found]
        names = [self.profiles[place].header for place in amounts]
        if any(currency_named(name, self.home) for name in names):
            return None
        keeps_original = any(map(is_original, names))
        free = [one for one in self.profiles if one.place not in found.values()]
        free = [one for one in free if keeps_original or not is_original(one.header)]
        fitting = [one for one in free if one.filled and self._are_currencies(one)]
        fitting = [one for one in fitting if not self._is_of_another(one, found)]
        # In a file whose first currency is before its first amount, so are the others.
        ahead = bool(fitting) and fitting[0].place < self._first_amount(amounts)
        alike = self._named_alike(fitting, names)

        def fit(one: Profile) -> tuple[bool, bool, int, bool, int]:
            rank = rank_role(one.header, "currency 1")
            distance = min((abs(one.place - place) for place in amounts), default=0)
            return one in alike, rank >= WHOLE_NAME, -distance, ahead == (one.place < min(amounts, default=0)), rank

        return max(fitting, key=fit).place if fitting else None

    def _named_alike(self, fitting: Sequence[Profile], names: Sequence[str]) -> list[Profile]:
        """The columns whose names share a word with those of the amounts alone: "Card amount", "Card currency"."""
        others = [one.header for one in self.profiles if one.money and one.days < MOST and one.header not in names]
        mine = _words(*names) - _words(*others)
        return [one for one in fitting if mine & _words(one.header)]

    def _first_amount(self, amounts: Sequence[int]) -> int:
        named = [one.place for one in self.profiles if one.money and rank_columns(one.header, Column.AMOUNT)]
        return min([*named, *amounts], default=0)

    def _is_of_another(self, one: Profile, found: dict[Column, int]) -> bool:
        """Whether a column of currencies is of the numbers beside it: amounts before conversion, or with its gaps."""
        used = [self.profiles[found[column]] for column in MONEY if column in found]
        are_charged = any(rank_role(each.header, "account amount") for each in used)
        numbers = [each for each in self.profiles if each.money and each.numbers >= MOST]
        originals = [each for each in numbers if are_charged or is_original(each.header)]
        if any(self._converted(one, [each], used) for each in originals if each not in used):
            return True
        named = [each for each in self.profiles if each is not one and each.filled and is_original(each.header)]
        have_own = any(self._are_currencies(each) for each in named)
        if used and not have_own and any(self._explains(each, one) for each in originals if each not in used):
            return True
        if not used or any(abs(each.place - one.place) == 1 for each in used):
            return False
        numbers = [each for each in numbers if not rank_role(each.header, "balance")]
        beside = [each for each in numbers if abs(each.place - one.place) == 1]
        near = [each for each in numbers if 0 < abs(one.place - each.place) < 3]
        pairs = [[each for each in near if (each.place < one.place) == is_before] for is_before in (True, False)]
        sides = [*([each] for each in beside), *pairs]
        if any(is_original(each.header) for each in beside) or any(self._converted(one, side, used) for side in sides):
            return True
        gaps = [not cell for cell in one.cells]
        has_amounts = [any(cells) for cells in zip(*(each.cells for each in used), strict=True)]
        if not any(gap and filled for gap, filled in zip(gaps, has_amounts, strict=True)):
            return False
        return any([not cell for cell in each.cells] == gaps for each in beside)

    def _explains(self, original: Profile, codes: Profile) -> bool:
        """Whether amounts before conversion are filled exactly in the rows with a currency other than the home one."""
        filled = [not is_zero(cell) for cell in original.cells]
        known = [currency_of(cell, self.home) if self.is_currency(cell) else "" for cell in codes.cells]
        foreign = [code not in ("", self.home) for code in known]
        return any(filled) and not all(filled) and filled == foreign

    def _converted(self, codes: Profile, beside: Sequence[Profile], used: Sequence[Profile]) -> bool:
        """Whether the numbers beside currencies equal the amounts used, in rows of the home currency alone."""
        same: dict[bool, set[bool]] = {True: set(), False: set()}
        for at, code in enumerate(codes.cells):
            mine, theirs = ({_size(each.cells[at]) for each in side} - {0} for side in (beside, used))
            if mine and code and self.is_currency(code):
                same[currency_of(code, self.home) == self.home].add(bool(mine & theirs))
        return same == {True: {True}, False: {False}}

    def _are_currencies(self, one: Profile) -> bool:
        named = rank_columns(one.header, Column.CURRENCY)
        if named >= WHOLE_NAME:
            return any(map(self.is_currency, one.filled))
        if named:
            return sum(map(self.is_currency, one.filled)) >= len(one.filled) * MOST
        return CODES.issuperset(one.filled)

    def choose(
        self, first: MoneyReading | None, rival: MoneyReading | None
    ) -> tuple[MoneyReading | None, MoneyReading | None]:
        """Of two amounts that are as likely, the one in the home currency, by name or because it is always the same."""
        if not first or not rival or first.columns.keys() != rival.columns.keys():
            return first, rival
        named = [self._named(one) for one in (first, rival)]
        if named.count(self.home) == 1:
            return (first if named[0] == self.home else rival), None
        sides = [[self._currencies_at(max(one.columns.values()) + step) for one in (first, rival)] for step in (1, -1)]
        alike = [self._named_like(one, other) for one, other in ((first, rival), (rival, first))]
        beside = next((cells for cells in (alike, *sides) if all(cells)), sides[0])
        ones = [len(set(cells)) == 1 for cells in beside]
        if ones[0] == ones[1]:
            return first, rival
        return (first if ones[0] else rival), None

    def home_first(self, readings: Sequence[MoneyReading]) -> Sequence[MoneyReading]:
        """The readings, with an amount in the home currency before a likelier one whose name has another currency."""
        first = readings[0] if readings else None
        if not first or first.chain or self._named(first) == self.home:
            return readings
        if not self._named(first) and (Column.AMOUNT not in first.columns or not self._names_others()):
            return readings
        home = [one for one in readings if self._named(one) == self.home and one.score > first.score - _CLOSE]
        return [*home[:1], *(one for one in readings if one not in home[:1])]

    def _names_others(self) -> bool:
        """Whether a column of currencies has some besides the home currency."""
        named = {cell for one in self.profiles if one.filled and self._are_currencies(one) for cell in one.filled}
        return bool({currency_of(cell, self.home) for cell in named if self.is_currency(cell)} - {self.home})

    def _named(self, reading: MoneyReading) -> str:
        """The currency that the name of an amount has; "" for two columns."""
        at = reading.columns.get(Column.AMOUNT)
        return "" if at is None else currency_named(self.profiles[at].header, self.home)

    def _named_like(self, one: MoneyReading, other: MoneyReading) -> list[str]:
        """The cells of a column of currencies named like the amount of one reading, and not like that of another."""
        mine, others = (
            _words(*(self.profiles[place].header for place in reading.columns.values())) for reading in (one, other)
        )
        named = [each for each in self.profiles if (mine - others) & _words(each.header)]
        return next((each.filled for each in named if each.filled and CODES.issuperset(each.filled)), [])

    def _currencies_at(self, place: int) -> list[str]:
        """The cells of a column if they are currencies."""
        one = self.profiles[place] if 0 <= place < len(self.profiles) else None
        return one.filled if one and one.filled and self._are_currencies(one) else []

    def usual(self, columns: dict[Column, int], amounts: Sequence[str]) -> str:
        """The currency in an amount's header, else the one that most amounts name, else the home currency."""
        for column in MONEY:
            header = self.profiles[columns[column]].header if column in columns else ""
            if named := currency_named(header, self.home):
                return _with_decimals(named, header, amounts)
        signs = Counter(sign for cell in amounts if (sign := "".join(filter(_is_sign, cell)).strip()))
        for sign, count in signs.most_common(1):
            if count * 2 > len(amounts) and self.is_currency(sign):
                return _with_decimals(currency_of(sign, self.home), sign, amounts)
        return self.home if self.home in money.KNOWN else money.EUR

    def most_decimals(self, columns: dict[Column, int], currency: str) -> int:
        """The most decimals of the currencies that rows name, else those of `currency`."""
        named = set(self.profiles[columns[Column.CURRENCY]].filled if Column.CURRENCY in columns else [])
        codes = [currency_of(cell, self.home) for cell in named if self.is_currency(cell)]
        return max(map(money.minor_units, codes or [currency]))

    def is_currency(self, cell: str) -> bool:
        try:
            return bool(currency_of(cell, self.home))
        except CellError:
            return False


def _words(*names: str) -> set[str]:
    return {word for name in names for word in plain_header(name).split(" ")}


def _size(cell: str) -> Decimal:
    return abs(read_number(cell, decimal_votes(cell) or ".") or Decimal(0))


def _with_decimals(code: str, named: str, amounts: Sequence[str]) -> str:
    """The currency of amounts, of which ¥ may be that of Japan or China: one with decimals if amounts have some."""
    if money.minor_units(code) or not any(map(decimal_votes, amounts)):
        return code
    others = {one for sign in named for one in WORDS.get(normal_word(sign), ()) if money.minor_units(one)}
    return others.pop() if len(others) == 1 else code


def _is_sign(char: str) -> bool:
    return not char.isdecimal() and char not in "-+()., '’\xa0\u202f\u2212\u200e\u200f"

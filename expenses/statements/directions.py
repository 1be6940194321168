"""Decides of each amount whether it was spent or received, from all that a table says about it."""

import re
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from decimal import Decimal

from expenses.statements.balances import Chain, money_in
from expenses.statements.flags import find_flags, flag_text, is_neutral
from expenses.statements.header_words import rank_role
from expenses.statements.notation import credit_or_debit, is_negative, is_zero
from expenses.statements.plain_words import known_parts, plain_header
from expenses.statements.profile import MOST
from expenses.statements.statement import Column, Sign
from expenses.statements.vocabulary import CELLS, is_exactly

# The share of rows in which flags and signs may disagree.
_FEW = 0.1
_SHORT = 3
_BRACKET = re.compile(r"[(\[（）\])]")
# What ends the name of a group of categories.
_GROUP = re.compile(r"[:>/›»]")
_MOST_WORDS = 4
_WORDS = ("spending", "receiving", "out", "in")

Rows = Sequence[Sequence[str]]


class Directions:
    """Whether the amounts of one table were spent, by flags, running balance and words.

    rows: a sample of the movements. sign: the sign of money spent, which decides where nothing else does. has_balance:
    whether a running balance tells the direction of all rows but the first.
    """

    def __init__(
        self, header: Sequence[str], rows: Rows, columns: MappingOf[Column, int], sign: Sign, has_balance: bool = False
    ) -> None:
        self.has_balance = has_balance
        self.amount_at = columns.get(Column.AMOUNT)
        self.sign = sign
        kept = {columns[column] for column in (Column.DATE, Column.AMOUNT, Column.CURRENCY) if column in columns}
        free = [place for place in range(len(header)) if place not in kept]
        title = columns.get(Column.TITLE)
        free = [place for place in free if place != title]
        self.free = free
        self.words_at = word_places(header, rows, free)
        self.title_at = title
        rows = [row for row in rows if not is_zero(self.amount(row))]
        self.is_signed = any(is_negative(self.amount(row)) for row in rows)
        self.flags = find_flags(header, rows, free, are_signed=self.is_signed) if self.amount_at is not None else None
        self.are_marked = any(credit_or_debit(self.amount(row))[1] for row in rows)
        pluses = ["+" in self.amount(row) for row in rows]
        self.has_plus = not self.is_signed and any(pluses) and not all(pluses)
        self.section_is_spent: bool | None = None
        self.is_owed = False
        self.names_both_ways = not (self.is_signed or self.flags) and self._names_both_ways(rows)
        self.keeps_reversals = {True: False, False: False}
        if self.flags and self.is_signed:
            self._compare(rows)

    def only_signs(self) -> None:
        """Use nothing but the amounts' signs, as in FinBrain's own exports."""
        self.is_signed, self.flags = True, None

    def compare_marks(self, rows: Rows, changes: Sequence[Decimal | None]) -> None:
        """Find out from rows with CR or DR whether the balance is what the person owes. changes: as for `is_spent`."""
        marks = [credit_or_debit(self.amount(row))[1] for row in rows] if changes else []
        said = [(mark == "DR") == (change < 0) for mark, change in zip(marks, changes, strict=True) if mark and change]
        self.is_owed = sum(said) * 2 < len(said)

    def amount(self, row: Sequence[str]) -> str:
        return row[self.amount_at] if self.amount_at is not None else ""

    def _compare(self, rows: Rows) -> None:
        """Compare flags with signs: if both say the same, or all amounts have a minus, the signs are enough."""
        said = [(flag, is_negative(self.amount(row))) for row in rows if (flag := self.flag(row)) is not None]
        spent_is_negative = self.sign == Sign.SPENT_IS_NEGATIVE
        agreed = sum(flag == (minus == spent_is_negative) for flag, minus in said)
        ways = {flag for flag, _minus in said}
        are_enough = agreed >= len(said) * (1 - _FEW) or (agreed == len(said) - 1 and self._agree_both_ways(said))
        if are_enough or all(minus for _flag, minus in said) or len(ways) == 1:
            self.flags = None
            return
        for way in (True, False):
            minuses = [minus for flag, minus in said if flag == way]
            self.keeps_reversals[way] = 0 < sum(minuses) * 2 <= len(minuses)

    def _agree_both_ways(self, said: Sequence[tuple[bool, bool]]) -> bool:
        """Whether most flags of either way say the same as the signs, so that another sign is a refund."""
        agreed = [(flag, flag == (minus == (self.sign == Sign.SPENT_IS_NEGATIVE))) for flag, minus in said]
        shares = [[fits for flag, fits in agreed if flag == way] for way in (True, False)]
        return all(sum(fits) * 2 > len(fits) for fits in shares)

    def flag(self, row: Sequence[str]) -> bool | None:
        """Whether a row's flag says spent; None without a flag."""
        return self.flags[1](flag_text(row[self.flags[0]])) if self.flags else None

    def only_flag_says_spent(self, row: Sequence[str]) -> bool:
        """Whether amounts have no signs, and a row's flag says spent."""
        return not self.is_signed and self.flag(row) is True

    def flag_cell(self, row: Sequence[str]) -> str:
        return row[self.flags[0]] if self.flags else ""

    def is_spent(self, row: Sequence[str], change: Decimal | None) -> bool | None:
        """Whether a row's amount was spent. None if a flag should say so and doesn't.

        change: what came in by the running balance, negative if spent; None if unknown.
        """
        text, mark = credit_or_debit(self.amount(row))
        if mark:
            return mark == "DR"
        minus = is_negative(text)
        if (flag := self.flag(row)) is not None:
            return flag != (minus and self.keeps_reversals[flag])
        if self.has_plus and "+" in text:
            return False
        if (self.is_signed or self.are_marked) and not self.flags:
            return minus == (self.sign == Sign.SPENT_IS_NEGATIVE)
        if change:
            return (change < 0) != self.is_owed
        word = self.words_say(row)
        flag_cell = self.flag_cell(row)
        if word is None and (is_exactly(flag_cell, "moving", "own transfer") or is_neutral(flag_cell)):
            return minus == (self.sign == Sign.SPENT_IS_NEGATIVE)
        if word is not None or self.flags:
            return word
        if self.section_is_spent is not None:
            return self.section_is_spent
        title = row[self.title_at] if self.title_at is not None else ""
        if (self.has_balance and came_in(title)) or (self.names_both_ways and _is_from(title)):
            return False
        return self.sign == Sign.SPENT_IS_POSITIVE

    def _is_refund(self, row: Sequence[str]) -> bool:
        """Whether a row's flag says that the money came back, or is neutral and its status says so."""
        flag = self.flag_cell(row)
        came_back = is_neutral(flag) and any(is_exactly(row[at], "refunding") for at in self.free)
        return came_back or is_exactly(flag, "refunding")

    def is_neither(self, row: Sequence[str]) -> bool:
        """Whether a row's flag says neither spent nor received, and its other words don't say received."""
        return is_neutral(self.flag_cell(row)) and self.words_say(row) is not False

    def words_say(self, row: Sequence[str]) -> bool | None:
        """Whether a row's words beside its flag say spent; None if they say nothing."""
        if self._is_refund(row):
            return False
        return row_says(row, [place for place in self.words_at if not self.flags or place != self.flags[0]])

    def _names_both_ways(self, rows: Rows) -> bool:
        """Whether most titles begin like "Paid to" and "Received from"."""
        titles = [row[self.title_at] for row in rows] if self.title_at is not None else []
        spent, received = sum(map(_is_to, titles)), sum(map(_is_from, titles))
        return bool(spent and received) and spent + received >= len(titles) * MOST


def word_places(header: Sequence[str], rows: Rows, places: Sequence[int]) -> list[int]:
    """The columns with words that say spent or received. In a column of statuses, "returned" says something else."""
    return [
        place
        for place in places
        if not rank_role(header[place], "status")
        and any(row[place] and is_exactly(_word(row[place]), *_WORDS) for row in rows)
    ]


def row_says(row: Sequence[str], places: Sequence[int]) -> bool | None:
    """Whether a row's words say spent (True) or received (False); None if they say neither or both."""
    if not places:
        return None
    words = [_word(row[place]) for place in places if row[place]]
    spent, received = (any(is_exactly(word, meaning) for word in words) for meaning in ("spending", "receiving"))
    if spent == received:
        spent, received = (any(is_exactly(word, meaning) for word in words) for meaning in ("out", "in"))
    return None if spent == received else spent


def _word(cell: str) -> str:
    """A cell, or only its first words if they are those of a tracker: Income of "Income: Salary"."""
    first = _GROUP.split(cell, maxsplit=1)[0].rstrip()
    return first if is_exactly(first, "tracker") else cell


def came_in(title: str) -> bool:
    """Whether a title sounds like money received, such as a salary or a refund."""
    return _sounds_like(title, "money came in")


def went_out(title: str) -> bool:
    """Whether a title sounds like money that only goes out, such as a fee or cash from a machine."""
    return _sounds_like(title, "money went out") and not came_in(title)


def _sounds_like(title: str, meaning: str) -> bool:
    name = plain_header(_BRACKET.sub(" ", title))
    if name in CELLS[meaning]:
        return True
    return any(len(part) > _SHORT or not part.isascii() for part in known_parts(name, CELLS[meaning]))


def _is_to(title: str) -> bool:
    return _begins(title, "paid to")


def _is_from(title: str) -> bool:
    return _begins(title, "received from")


def _begins(title: str, meaning: str) -> bool:
    words = plain_header(_BRACKET.sub(" ", title)).split(" ")
    return any(" ".join(words[:count]) in CELLS[meaning] for count in range(1, min(len(words), _MOST_WORDS) + 1))


def changes(balances: Sequence[Decimal | None], chain: Chain) -> list[Decimal | None]:
    """What came in with each row by its running balance."""
    return [one if one is None or not chain.is_before else -one for one in money_in(balances, chain.newest_first)]

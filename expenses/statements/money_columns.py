"""Chooses the columns of a table that hold what was spent and received, by names, cells and running balance."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import permutations

from expenses.statements.balances import Chain, find_chain, net
from expenses.statements.directions import came_in
from expenses.statements.fees import net_amounts
from expenses.statements.header_words import (
    CONTAINED,
    WHOLE_NAME,
    currency_named,
    is_no_amount,
    is_original,
    rank_columns,
    rank_role,
)
from expenses.statements.notation import is_zero, read_number
from expenses.statements.plain_words import plain_header
from expenses.statements.profile import MOST, Profile
from expenses.statements.statement import Column
from expenses.statements.unit_prices import unit_prices

# At most this many columns are compared with each other, in this many rows.
_MOST_COLUMNS, _CHAIN_ROWS = 10, 150
_MOST_TITLES = 3.0
_HUNDRED = 100
# What the score of a column loses that isn't money spent or received.
_NO_MONEY = 20
# What two columns gain whose names begin or end alike, as "Paid amount (out)" and "Paid amount (in)".
_SAME_WORDS = 0.5
# Two columns explain a balance if they lead to this share of its rows.
_PROVEN = 0.8


@dataclass(frozen=True)
class MoneyReading:
    """One way to read a table's money. score: how likely it is. chain: how the balance in `balance_at` proves it."""

    columns: dict[Column, int]
    score: float
    chain: Chain | None = None
    balance_at: int | None = None


class MoneyChooser:
    """Scores every way to read the money of a table.

    profiles: of the columns that may hold money. decimal: the decimal separator. is_newest_first: the order of the rows
    by date, None if unknown.
    """

    def __init__(self, profiles: Sequence[Profile], decimal: str, is_newest_first: bool | None) -> None:
        rows = zip(*(one.cells for one in profiles if one.telling > 0), strict=True)
        self.sounds_received = [any(map(came_in, row)) for row in rows] or [False] * len(profiles[0].cells)
        possible = [one for one in profiles if _may_be_money(one)]
        possible.sort(key=lambda one: (-max(_rank(one), _balance_rank(one)), not one.money))
        self.profiles = possible[:_MOST_COLUMNS]
        self.numbers = {one.place: self._numbers_of(one, decimal) for one in self.profiles}
        self.is_newest_first = is_newest_first
        self.unit_prices = unit_prices(self.profiles, self.numbers)
        self.net_amounts = net_amounts(self.profiles, self.numbers)

    @staticmethod
    def _numbers_of(profile: Profile, decimal: str) -> list[Decimal | None]:
        return [read_number(cell, decimal) for cell in profile.cells[:_CHAIN_ROWS]]

    def readings(self) -> list[MoneyReading]:
        """All readings, the most likely first."""
        found = [self._single(one) for one in self.profiles if one.money]
        pairs = [self._pair(out, came) for out, came in permutations(self.profiles, 2) if _are_exclusive(out, came)]
        balances = {one.balance_at for one in pairs if one.chain and one.chain.count > 2 and one.chain.share > _PROVEN}
        found = [replace(one, score=one.score - _NO_MONEY * (one.columns[Column.AMOUNT] in balances)) for one in found]
        return sorted([*found, *pairs], key=lambda reading: -reading.score)

    def are_equal(self, one: MoneyReading, other: MoneyReading) -> bool:
        """Whether two amounts are the same in all rows, but for a fee."""
        mine, theirs = (self.numbers.get(reading.columns.get(Column.AMOUNT, -1)) for reading in (one, other))
        if mine is None or theirs is None:
            return False
        gaps = [None if a is None or b is None else abs(a - b) for a, b in zip(mine, theirs, strict=True)]
        fees = [self.numbers[each.place] for each in self.profiles if rank_role(each.header, "fee", "fee 2")]
        return mine == theirs or any(gaps == [abs(fee or 0) for fee in numbers] for numbers in fees)

    def _single(self, one: Profile) -> MoneyReading:
        chain, balance_at = self._proof(self.numbers[one.place], {one.place})
        score = _rank(one) / _HUNDRED + _look(one) + 4 * _filled(one)
        score += 6 * chain.share * min(1, chain.count / 2) if chain else 0
        is_other = is_no_amount(one.header) and one.place not in self.unit_prices.values()
        is_balance = self._is_balance(one.place) and not rank_columns(one.header, Column.AMOUNT)
        score -= _NO_MONEY * (is_other or is_balance or one.place in self.net_amounts)
        if rank_role(one.header, "account amount"):
            score += 3
        elif is_original(one.header):
            score -= 3
        if any(plain_header(one.header) == f"source {plain_header(other.header)}" for other in self.profiles):
            score -= 3  # the amount before its conversion
        if one.is_ids or one.is_constant or one.place in self.unit_prices or self._lacks_signs(one):
            score -= 6
        elif self._lacks_ways(one):
            score -= 9
        if not rank_columns(one.header, Column.AMOUNT):
            score -= 3 * (_one_way(one) > 0)
        if any(_are_exclusive(one, other) and _are_alike(one, other) for other in self.profiles if other is not one):
            score -= 4
        return MoneyReading({Column.AMOUNT: one.place}, score, chain, balance_at)

    def _pair(self, out: Profile, came: Profile) -> MoneyReading:
        moves = net(self.numbers[out.place], self.numbers[came.place])
        chain, balance_at = self._proof(moves, {out.place, came.place})
        names = rank_columns(out.header, Column.MONEY_OUT), rank_columns(came.header, Column.MONEY_IN)
        if all(names) and plain_header(out.header) == plain_header(came.header):  # "Amount (debit)", "Amount (credit)"
            names = WHOLE_NAME + _HUNDRED, WHOLE_NAME + _HUNDRED
        score = sum(names) / 2 / _HUNDRED + (_look(out) + _look(came)) / 2 + 4
        score += 6 * chain.sign * chain.share * min(1, chain.count / 2) if chain else 0
        score += _SAME_WORDS * _share_words(out.header, came.header)
        if not all(names):
            score -= 3 if any(names) or _rank(out) or _rank(came) else 1
            score += self._by_titles(out, came)
        if any(rank_columns(one.header, Column.AMOUNT) >= WHOLE_NAME and not _one_way(one) for one in (out, came)):
            score -= 6
        if not all(name >= WHOLE_NAME for name in names) and (is_no_amount(out.header) or is_no_amount(came.header)):
            score -= _NO_MONEY
        currencies = {currency_named(one.header, "") for one in (out, came)} - {""}
        if len(currencies) > 1 or self._is_fee(out):
            score -= _NO_MONEY
        if not (out.money and came.money):
            score -= 3 if any(is_original(one.header) for one in (out, came)) else 1.5
        if (
            rank_columns(out.header, Column.MONEY_IN) > names[0]
            or rank_columns(came.header, Column.MONEY_OUT) > names[1]
        ):
            score -= _NO_MONEY
        return MoneyReading({Column.MONEY_OUT: out.place, Column.MONEY_IN: came.place}, score, chain, balance_at)

    def _lacks_signs(self, one: Profile) -> bool:
        """Whether another column has the same amounts, but with minuses."""
        mine = self.numbers[one.place]
        if any(number is not None and number < 0 for number in mine):
            return False
        others = (self.numbers[other.place] for other in self.profiles if other.money and other is not one)
        return any(other != mine and [number and abs(number) for number in other] == mine for other in others)

    def _lacks_ways(self, one: Profile) -> bool:
        """Whether two columns named for both ways have the same amounts in most rows, but the column has no minus."""
        if one.is_signed or _one_way(one):
            return False
        outs = [other for other in self.profiles if rank_columns(other.header, Column.MONEY_OUT) >= WHOLE_NAME]
        ins = [other for other in self.profiles if rank_columns(other.header, Column.MONEY_IN) >= WHOLE_NAME]
        pairs = [(out, came) for out in outs for came in ins if out.money and came.money and _are_exclusive(out, came)]
        mine = self.numbers[one.place]
        for out, came in pairs:
            moves = net(self.numbers[out.place], self.numbers[came.place])
            same = sum(a is not None and b is not None and a == abs(b) for a, b in zip(mine, moves, strict=True))
            if same > len(mine) * MOST:
                return True
        return False

    def _is_fee(self, one: Profile) -> bool:
        """Whether charges are fees, because another column has what was spent."""
        ranks = (rank_columns(other.header, Column.MONEY_OUT) for other in self.profiles if other is not one)
        return bool(rank_role(one.header, "fee 2")) and max(ranks, default=0) >= CONTAINED

    def _by_titles(self, out: Profile, came: Profile) -> float:
        """Evidence from rows that sound like money received, for two columns whose names don't say which is which."""
        rows = zip(out.cells, came.cells, self.sounds_received, strict=True)
        votes = sum(is_zero(one) - is_zero(two) for one, two, received in rows if received)
        more = (len(out.money) - len(came.money)) / max(len(out.money) + len(came.money), 1)
        return max(-_MOST_TITLES, min(_MOST_TITLES, 1.5 * votes)) + more

    def _proof(self, amounts: Sequence[Decimal | None], used: set[int]) -> tuple[Chain | None, int | None]:
        """The running balance that the amounts explain best, and its column."""
        best: tuple[Chain | None, int | None] = None, None
        for one in self.profiles:
            if one.place in used or not one.money or rank_columns(one.header, Column.AMOUNT) >= WHOLE_NAME:
                continue
            chain = find_chain(amounts, self.numbers[one.place], self.is_newest_first)
            if chain and (best[0] is None or chain.share > best[0].share):
                best = chain, one.place
        return best

    def _is_balance(self, place: int) -> bool:
        """Whether a column is explained by another one."""
        return any(
            chain and chain.count > 1 and chain.share > 1 - (1 - MOST) / 2
            for other in self.profiles
            if other.place != place
            for chain in [find_chain(self.numbers[other.place], self.numbers[place], self.is_newest_first)]
        )


def _may_be_money(one: Profile) -> bool:
    is_named = max(_rank(one), _one_way(one)) >= WHOLE_NAME
    if one.filled and one.numbers < MOST and not (is_named and one.money):
        return False
    return one.days < MOST or is_named


def _rank(one: Profile) -> int:
    """How well a header names money that was spent or received."""
    found = rank_columns(one.header, Column.AMOUNT)
    if not found and currency_named(one.header, ""):
        return 300
    return max(found, _one_way(one) // 2)


def _balance_rank(one: Profile) -> int:
    return rank_role(one.header, "balance")


def _one_way(one: Profile) -> int:
    return max(rank_columns(one.header, Column.MONEY_OUT), rank_columns(one.header, Column.MONEY_IN))


def _look(one: Profile) -> float:
    """How much the cells look like money."""
    return 2 * one.decimals + 1.5 * one.is_signed if one.money else 1


def _share_words(one: str, other: str) -> bool:
    """Whether two names begin or end with the same word."""
    mine, theirs = plain_header(one).split(" "), plain_header(other).split(" ")
    return mine != theirs and (mine[0] == theirs[0] or mine[-1] == theirs[-1])


def _filled(one: Profile) -> float:
    return len(one.money) / len(one.cells) if one.cells else 0


def _are_alike(one: Profile, other: Profile) -> bool:
    """Whether two names say as much about money: both a direction, or both nothing."""
    ways = _one_way(one) > 0, _one_way(other) > 0
    return ways[0] == ways[1] and bool(rank_columns(one.header, Column.AMOUNT)) == bool(
        rank_columns(other.header, Column.AMOUNT)
    )


def _are_exclusive(out: Profile, came: Profile) -> bool:
    """Whether two columns fill each other's gaps: hardly any row has money in both. One of them may be empty."""
    if not out.money and not came.money:
        return False
    named = all((rank_columns(out.header, Column.MONEY_OUT), rank_columns(came.header, Column.MONEY_IN)))
    if not named and not (out.money and came.money):
        return False
    rows = list(zip(out.cells, came.cells, strict=True))
    both = sum(not is_zero(one) and not is_zero(two) for one, two in rows)
    either = sum(not is_zero(one) or not is_zero(two) for one, two in rows)
    return both <= either * 0.1 + named and (named or either > len(rows) * MOST)

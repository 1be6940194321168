"""Finds what a table says as a whole, from its first rows: further columns and the running balance."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from expenses.statements import own_exports
from expenses.statements.balances import Chain, before_and_after, find_chain, net
from expenses.statements.day_columns import trend
from expenses.statements.directions import Directions, changes
from expenses.statements.fees import extra_fees
from expenses.statements.guess import sample_of, without_footers
from expenses.statements.header_words import (
    currency_named,
    is_balance_name,
    is_footer_text,
    is_no_amount,
    is_original,
    rank_columns,
    rank_role,
)
from expenses.statements.notation import is_negative, is_zero, read_number
from expenses.statements.posted_days import lacks_newest_balances
from expenses.statements.profile import MOST, Profile
from expenses.statements.roles import Roles, find_roles
from expenses.statements.statement import MONEY, Column, Mapping, Sign, Table

# Rows in which a running balance is searched.
_CHAIN_ROWS = 300
Numbers = list[Decimal | None]


class Analysis:
    """What a table says as a whole. table: all of it, or its first part."""

    def __init__(self, table: Table, mapping: Mapping) -> None:
        self.table, self.mapping = table, mapping
        rows = without_footers(table)
        cells = zip(*rows, strict=True) if rows else [()] * len(table.header)
        self.profiles = [
            Profile(place, name, column) for place, (name, column) in enumerate(zip(table.header, cells, strict=True))
        ]
        has_none = own_exports.is_own_table(table.header) or bool(table.people)
        self.both: tuple[int, int] | None = None
        self.chain, self.balance_at = (None, None) if has_none else self._find_balance()
        own_only = Roles(titles=(mapping.columns[Column.TITLE],))
        self.roles = (
            own_only if own_exports.is_own_table(table.header) else find_roles(self.profiles, mapping, self.balance_at)
        )
        self.other_amounts = [one.place for one in self.profiles if self._is_other_amount(one)]
        if self.roles.posted is None and self._lacks_newest():
            self.roles = replace(self.roles, posted=self.balance_at)
        if self.roles.fees:
            fees = self._extra_fees()
            spent = -1 if self.mapping.sign == Sign.SPENT_IS_NEGATIVE else 1
            both = [fee for fee in fees if len(set(map(is_negative, self.profiles[fee].money))) > 1]
            self.roles = replace(self.roles, fees=fees, fee_signs=dict.fromkeys(both, spent))

    def _is_other_amount(self, one: Profile) -> bool:
        """Whether a column has amounts that the mapping doesn't read, such as those before a conversion."""
        if one.place in (*self.mapping.columns.values(), self.balance_at) or not one.money or one.numbers < MOST:
            return False
        is_named = any(rank_columns(one.header, column) for column in MONEY) or currency_named(one.header, "")
        return bool(is_named or is_original(one.header)) and not is_no_amount(one.header)

    def balances(self, rows: Sequence[Sequence[str]]) -> Numbers:
        """The running balance of each row; empty if there is none."""
        numbers = self._numbers(self.balance_at, rows) if self.chain else []
        day_at = self.mapping.columns[Column.DATE]
        return [None if _is_sum(row, day_at) else one for one, row in zip(numbers, rows, strict=False)]

    def changes(self, rows: Sequence[Sequence[str]], balances: Numbers) -> Numbers:
        """What came in with each row by its running balance, or the balances before and after; empty without any."""
        if self.both:
            pairs = zip(*(self._numbers(place, rows) for place in self.both), strict=True)
            return [None if before is None or after is None else after - before for before, after in pairs]
        return changes(balances, self.chain) if self.chain else []

    def _numbers(self, place: int | None, rows: Sequence[Sequence[str]]) -> Numbers:
        return [] if place is None else [read_number(row[place], self.mapping.decimal) for row in rows]

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
        is_newest_first = self._is_newest_first(rows)
        free = [one for one in self.profiles if one.place not in self.mapping.columns.values()]
        free = [one for one in free if one.money and one.numbers >= MOST and one.days < MOST and not one.is_ids]
        columns = {one.place: self._numbers(one.place, rows) for one in free}
        for place, numbers in columns.items():
            chain = find_chain(amounts, numbers, is_newest_first)
            if chain and (best[0] is None or chain.share > best[0].share):
                best = chain, place
        self.both = before_and_after(columns, amounts, is_newest_first) if best[0] else None
        return best

    def _is_newest_first(self, rows: Sequence[Sequence[str]]) -> bool | None:
        place = self.mapping.columns[Column.DATE]
        return trend([row[place] for row in rows], self.mapping.date_order)

    def _lacks_newest(self) -> bool:
        """Whether only the newest rows have no running balance, and the balance beside them doesn't include them."""
        if not self.chain or self.balance_at is None:
            return False
        balances, days = (self.profiles[place].cells for place in (self.balance_at, self.mapping.columns[Column.DATE]))
        is_newest_first = self.chain.newest_first != self.chain.is_before
        if not lacks_newest_balances(balances, days, is_newest_first=is_newest_first):
            return False
        rows = sample_of(self.table)
        pairs = zip(changes(self._numbers(self.balance_at, rows), self.chain), self._amounts(rows), strict=True)
        known = [(move, amount) for move, amount in pairs if move and amount]
        move, amount = known[0 if is_newest_first else -1] if known else (0, 0)
        return abs(move) == abs(amount)

    def _extra_fees(self) -> tuple[int, ...]:
        """The fees in addition to the amount: no column has the sum of both, and the balance doesn't contradict it."""
        amount = self.mapping.columns.get(Column.AMOUNT)
        if amount is not None and not rank_role(self.table.header[amount], "amount 1"):
            return ()
        rows = [row for row in without_footers(self.table) if not all(is_zero(row[fee]) for fee in self.roles.fees)]
        if self.chain and self._balance_ignores(rows):
            return ()
        used = {*self.roles.fees, *self.mapping.columns.values()}
        others = [one for one in self.profiles if one.place not in used and one.money and one.numbers >= MOST]
        sums = [self._numbers(one.place, rows) for one in others if not is_no_amount(one.header)]
        amounts, sign = self._amounts(rows), self._sign()
        if amount is not None and (said := self._said(rows)):
            amounts, sign = [abs(one or Decimal(0)) * way for one, way in zip(amounts, said, strict=True)], 1
            sums = [[one and abs(one) * way for one, way in zip(numbers, said, strict=True)] for numbers in sums]
        return extra_fees(
            {fee: [abs(one or Decimal(0)) for one in self._numbers(fee, rows)] for fee in self.roles.fees},
            amounts,
            sums,
            sign=sign,
        )

    def _said(self, rows: Sequence[Sequence[str]]) -> list[int]:
        """-1 for each amount that flags or marks such as CR call spent, 1 for others; empty if nothing says so."""
        directions = Directions(self.table.header, without_footers(self.table), self.mapping.columns, self.mapping.sign)
        if not (directions.flags or directions.are_marked):
            return []
        return [-1 if directions.is_spent(row, None) else 1 for row in rows]

    def _sign(self) -> int:
        """1 if a plus came in, -1 if it was spent, 0 if amounts have no minus."""
        if Column.AMOUNT not in self.mapping.columns:
            return 1
        if not any(one and one < 0 for one in self._amounts(sample_of(self.table))):
            return 0
        return 1 if self.mapping.sign == Sign.SPENT_IS_NEGATIVE else -1

    def _balance_ignores(self, rows: Sequence[Sequence[str]]) -> bool:
        """Whether the balance after rows with a fee follows from the amount alone."""
        lines = {id(row) for row in rows}
        all_rows = self.table.rows[:_CHAIN_ROWS]
        moves = self.changes(all_rows, self.balances(all_rows))
        pairs = zip(all_rows, moves, self._amounts(all_rows), strict=True)
        known = [(move, amount) for row, move, amount in pairs if id(row) in lines and move and amount]
        return bool(known) and all(abs(move) == abs(amount) for move, amount in known)


def _is_sum(row: Sequence[str], day_at: int) -> bool:
    """Whether a row is a total of others, and no balance."""
    if row[day_at][:1].isdecimal():
        return False
    name = next(filter(None, row), "")
    return is_footer_text(name) and not is_balance_name(name)

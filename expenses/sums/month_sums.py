"""What a month of a ledger adds up to. Amounts aren't converted: each sum has the currency of its amounts.

Only which merchants are listed by day depends on the currency to show.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from classifier.categories import CASH, FALLBACKS, Kind
from expenses.models.kinds import counts_as


class Sum(NamedTuple):
    """The entries of a day that are converted in the same way.

    day: its number in the month. amount, own_rate, once: digits as text. once: the amount that was moved, with each
    pair once.
    """

    day: int
    category: str
    currency: str
    own_rate: str | None
    own_currency: str
    unsure: bool
    amount: str
    count: int
    kind: str
    one_off: bool
    once: str


class Big(NamedTuple):
    """One of the biggest expenses of its month and category. order_value: the approximate value in EUR, as text."""

    id: str
    title: str
    category: str
    currency: str
    amount: str
    day: int
    own_rate: str | None
    own_currency: str
    order_value: str


class Merchant(NamedTuple):
    """The expenses whose titles name the same merchant. title: the most frequent spelling."""

    key: str
    title: str
    category: str
    currency: str
    amount: str
    count: int


class MerchantDay(NamedTuple):
    """What was spent at a merchant on a day and is converted alike.

    day: its number in the month. amount, own_rate: digits as text.
    """

    key: str
    category: str
    currency: str
    day: int
    own_rate: str | None
    own_currency: str
    amount: str
    count: int


def as_counted(row: Sum, *, cash_withdrawn: bool) -> Sum:
    """Return a sum as a ledger counts it: with the setting `cash_withdrawn`, withdrawals are spent under Other."""
    kind, category = counts_as(row.kind, row.category, cash_withdrawn=cash_withdrawn)
    if (kind, category) == (row.kind, row.category):
        return row
    return row._replace(kind=kind, category=category)


_Counted = TypeVar("_Counted", Big, Merchant, MerchantDay)


def _spent_among(rows: Sequence[_Counted], *, cash_withdrawn: bool) -> list[_Counted]:
    """Return the rows that a ledger counts as spent. With the setting `cash_withdrawn`, withdrawals are under Other."""
    if not cash_withdrawn:
        return [row for row in rows if row.category != CASH]
    return [row._replace(category=FALLBACKS[Kind.SPENT]) if row.category == CASH else row for row in rows]


@dataclass(frozen=True)
class MonthSums:
    """The sums of a month of a ledger.

    biggest, merchants: of what was spent, and withdrawals of cash. truncated: whether there are more titles than
    `merchants` counts. foreign: the days of merchants in other currencies than the one to show, because each day has
    its rate.
    """

    sums: Sequence[Sum] = ()
    biggest: Sequence[Big] = ()
    merchants: Sequence[Merchant] = ()
    truncated: bool = False
    foreign: Sequence[MerchantDay] = ()

    def counted(self, *, cash_withdrawn: bool) -> "MonthSums":
        """Return the sums as a ledger counts them. cash_withdrawn: the ledger's."""
        sums = [as_counted(row, cash_withdrawn=cash_withdrawn) for row in self.sums]
        biggest = _spent_among(self.biggest, cash_withdrawn=cash_withdrawn)
        merchants = _spent_among(self.merchants, cash_withdrawn=cash_withdrawn)
        foreign = _spent_among(self.foreign, cash_withdrawn=cash_withdrawn)
        return MonthSums(sums, biggest, merchants, self.truncated, foreign)

    def count(self) -> int:
        """Return the number of entries."""
        return sum(row.count for row in self.sums)

    def to_json(self) -> list[Any]:
        return [self.sums, self.biggest, self.merchants, self.truncated, self.foreign]

    @classmethod
    def from_json(cls, data: list[Any]) -> "MonthSums":
        sums, biggest, merchants, truncated, foreign = data
        return cls(
            [Sum(*row) for row in sums],
            [Big(*row) for row in biggest],
            [Merchant(*row) for row in merchants],
            truncated,
            [MerchantDay(*row) for row in foreign],
        )

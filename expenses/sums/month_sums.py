"""What a month of a ledger adds up to. Amounts aren't converted: each sum has the currency of its amounts.

Only which titles are added up by day depends on the currency to show.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
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


class Part(NamedTuple):
    """What was spent at a merchant and is converted alike.

    day: its number in the month, None for all days if they needn't be apart. amount, own_rate: digits as text.
    """

    day: int | None
    own_rate: str | None
    own_currency: str
    amount: str
    count: int


class Title(NamedTuple):
    """The expenses with a title in one category and currency. key: that of the merchant, the same for its titles."""

    key: str
    title: str
    category: str
    currency: str
    parts: Sequence[Part]

    def count(self) -> int:
        """Return the number of expenses."""
        return sum(part.count for part in self.parts)

    def amount(self) -> Decimal:
        """Return the sum of the amounts."""
        return sum((Decimal(part.amount) for part in self.parts), Decimal(0))


def as_counted(row: Sum, *, cash_withdrawn: bool) -> Sum:
    """Return a sum as a ledger counts it: with the setting `cash_withdrawn`, withdrawals are spent under Other."""
    kind, category = counts_as(row.kind, row.category, cash_withdrawn=cash_withdrawn)
    if (kind, category) == (row.kind, row.category):
        return row
    return row._replace(kind=kind, category=category)


_Counted = TypeVar("_Counted", Big, Title)


def _spent_among(rows: Sequence[_Counted], *, cash_withdrawn: bool) -> list[_Counted]:
    """Return the rows that a ledger counts as spent. With the setting `cash_withdrawn`, withdrawals are under Other."""
    if not cash_withdrawn:
        return [row for row in rows if row.category != CASH]
    return [row._replace(category=FALLBACKS[Kind.SPENT]) if row.category == CASH else row for row in rows]


@dataclass(frozen=True)
class MonthSums:
    """The sums of a month of a ledger.

    biggest, titles: of what was spent, and withdrawals of cash. The most frequent title is first. truncated: whether
    there are more titles. by_day: whether the parts of titles have their days, in all currencies.
    """

    sums: Sequence[Sum] = ()
    biggest: Sequence[Big] = ()
    titles: Sequence[Title] = ()
    truncated: bool = False
    by_day: bool = False

    def counted(self, *, cash_withdrawn: bool) -> "MonthSums":
        """Return the sums as a ledger counts them. cash_withdrawn: the ledger's."""
        sums = [as_counted(row, cash_withdrawn=True) for row in self.sums] if cash_withdrawn else self.sums
        biggest = _spent_among(self.biggest, cash_withdrawn=cash_withdrawn)
        titles = _spent_among(self.titles, cash_withdrawn=cash_withdrawn)
        return replace(self, sums=sums, biggest=biggest, titles=titles)

    def count(self) -> int:
        """Return the number of entries."""
        return sum(row.count for row in self.sums)

    def to_json(self) -> list[Any]:
        return [self.sums, self.biggest, self.titles, self.truncated, self.by_day]

    @classmethod
    def from_json(cls, data: list[Any]) -> "MonthSums":
        sums, biggest, titles, truncated, by_day = data
        return cls(
            list(map(Sum._make, sums)),
            list(map(Big._make, biggest)),
            [Title._make([*about, list(map(Part._make, parts))]) for *about, parts in titles],
            truncated,
            by_day,
        )

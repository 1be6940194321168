"""What was spent at each merchant in a month, in the display currency."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from classifier.text import normalise
from expenses.sums.flow import ZERO
from expenses.sums.month_sums import Part, Title

merchant_key = lru_cache(maxsize=20_000)(normalise)


class MerchantFigure(NamedTuple):
    """What was spent at a merchant in a month, in one category and currency. title: the most frequent spelling.

    amount: as entered. value: in the display currency, None without a rate. Both as text.
    """

    key: str
    title: str
    category: str
    currency: str
    amount: str
    count: int
    value: str | None

    def plus(self, other: "MerchantFigure") -> "MerchantFigure":
        """Return the figure with the expenses of another one, which has a rarer spelling."""
        values = [Decimal(value) for value in (self.value, other.value) if value is not None]
        return self._replace(
            amount=str(Decimal(self.amount) + Decimal(other.amount)),
            count=self.count + other.count,
            value=str(sum(values, ZERO)) if values else None,
        )


class MerchantCell(NamedTuple):
    """What was spent at a merchant in a month, in one category. title: that of the most expenses in one currency.

    count: of all expenses with a rate. busiest: of those in the title's currency. value: in the display currency.
    """

    key: str
    title: str
    category: str
    count: int
    busiest: int
    value: Decimal


def merchant_cells(figures: Iterable[MerchantFigure]) -> list[MerchantCell]:
    """Add up what was spent at each merchant in each category. Amounts without a rate are left out."""
    found: dict[tuple[str, str], MerchantCell] = {}
    for key, title, category, _currency, _amount, count, stored in figures:
        if stored is None:
            continue
        value, before = Decimal(stored), found.get((key, category))
        if before:
            title, busiest = (title, count) if count > before.busiest else (before.title, before.busiest)
            found[key, category] = MerchantCell(
                key, title, category, before.count + count, busiest, before.value + value
            )
        else:
            found[key, category] = MerchantCell(key, title, category, count, count, value)
    return list(found.values())


def convert_title(row: Title, display: str, convert: Callable[[Part, str], Decimal | None]) -> MerchantFigure:
    """Convert what was spent under a title.

    convert(part, currency): called for currencies other than `display`. None without a rate.
    """
    amount = row.amount()
    if row.currency == display:
        value = amount
    else:
        converted = [each for part in row.parts if (each := convert(part, row.currency)) is not None]
        value = sum(converted, ZERO) if converted else None
    digits = None if value is None else str(value)
    return MerchantFigure(row.key, row.title, row.category, row.currency, str(amount), row.count(), digits)


def join_merchants(figures: Iterable[MerchantFigure]) -> list[MerchantFigure]:
    """Add up the figures of titles by merchant, category and currency. figures: the most frequent title first."""
    found: dict[tuple[str, str, str], MerchantFigure] = {}
    for row in figures:
        place = row.key, row.category, row.currency
        before = found.get(place)
        found[place] = before.plus(row) if before else row
    return list(found.values())

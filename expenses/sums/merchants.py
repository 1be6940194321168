"""What was spent at each merchant in a month, in the display currency."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from classifier.text import normalise
from expenses.rates import Converted
from expenses.sums.flow import ZERO, stored_digits
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

    def plus(self, amount: Decimal, count: int, value: Decimal | None) -> "MerchantFigure":
        """Return the figure with more expenses."""
        if value is not None:
            value += Decimal(self.value or 0)
        return self._replace(
            amount=str(amount + Decimal(self.amount)),
            count=count + self.count,
            value=self.value if value is None else stored_digits(value),
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


def convert_merchants(
    titles: Iterable[Title], display: str, convert: Callable[[Part, str], Converted | None]
) -> list[MerchantFigure]:
    """Convert what was spent at the merchants of a month. titles: the most frequent first.

    convert(part, currency): called for currencies other than `display`.
    """
    found: dict[tuple[str, str, str], MerchantFigure] = {}
    for row in titles:
        place = row.key, row.category, row.currency
        amount, count = row.amount(), row.count()
        if row.currency == display:
            value = amount
        else:
            converted = [each.amount for part in row.parts if (each := convert(part, row.currency))]
            value = sum(converted, ZERO) if converted else None
        if before := found.get(place):
            found[place] = before.plus(amount, count, value)
        else:
            found[place] = MerchantFigure(row.key, row.title, *place[1:], str(amount), count, _digits(value))
    return list(found.values())


def _digits(value: Decimal | None) -> str | None:
    return None if value is None else stored_digits(value)

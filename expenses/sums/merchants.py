"""What was spent at each merchant in a month, in the display currency."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from classifier.text import normalise
from expenses.money import quantize
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

    count: of all expenses. rated: of those with a rate. busiest: of those in the title's currency. value: of those with
    a rate, in the display currency.
    """

    key: str
    title: str
    category: str
    count: int
    rated: int
    busiest: int
    value: Decimal


def merchant_cells(figures: Iterable[MerchantFigure], currency: str) -> list[MerchantCell]:
    """Add up what was spent at each merchant in each category, rounded once. currency: that of the figures' values."""
    rows: dict[tuple[str, str], list[MerchantFigure]] = defaultdict(list)
    for row in figures:
        rows[row.key, row.category].append(row)
    return [_cell_of(each, currency) for each in rows.values()]


def _cell_of(rows: Sequence[MerchantFigure], currency: str) -> MerchantCell:
    busiest = max(rows, key=lambda row: row.count)
    rated = [row for row in rows if row.value is not None]
    value = sum((Decimal(row.value or 0) for row in rated), ZERO)
    count, of_rated = (sum(row.count for row in each) for each in (rows, rated))
    about = busiest.key, busiest.title, busiest.category
    return MerchantCell(*about, count, of_rated, busiest.count, quantize(value, currency))


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

"""What was spent at each merchant in a month, in the display currency."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from classifier.text import normalise
from expenses.rates import Converted
from expenses.sums.flow import stored_digits
from expenses.sums.month_sums import Merchant, MerchantDay

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


def convert_merchants(
    merchants: Iterable[Merchant],
    days: Sequence[MerchantDay],
    display: str,
    convert: Callable[[MerchantDay], Converted | None],
) -> list[MerchantFigure]:
    """Convert what was spent at the merchants of a month. days: of those in other currencies than `display`."""
    values: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for day in days:
        if converted := convert(day):
            values[day.key, day.category, day.currency] += converted.amount
    found: dict[tuple[str, str, str], MerchantFigure] = {}
    for row in merchants:
        place = row.key, row.category, row.currency
        before = found.get(place)
        amount = Decimal(row.amount) + Decimal(before.amount if before else 0)
        value = amount if row.currency == display else values.get(place)
        named, count = before or row, row.count + (before.count if before else 0)
        stored = None if value is None else stored_digits(value)
        found[place] = MerchantFigure(row.key, named.title, row.category, row.currency, str(amount), count, stored)
    return list(found.values())

"""What was spent at each merchant in a month, in the display currency."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from bson import ObjectId

from expenses.models import Expense
from expenses.models.expense import BY_DAY
from expenses.rates import Converted
from expenses.sums.aggregation import merchant_day_pipeline
from expenses.sums.flow import stored_digits
from expenses.sums.month_sums import Merchant, MerchantDay, merchant_key
from finbrain.core.past_the_orm import collection
from finbrain.core.stored import text


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


def merchant_days(
    ledger_id: ObjectId, months: Sequence[date], display: str, until: date | None = None
) -> dict[date, list[MerchantDay]]:
    """Read what was spent at merchants in other currencies than `display`, by day, because each day has its rate."""
    found: dict[date, list[MerchantDay]] = defaultdict(list)
    pipeline = merchant_day_pipeline(ledger_id, months, display, until)
    for row in collection(Expense).aggregate(pipeline, hint=BY_DAY, batchSize=10_000):
        key = row["_id"]
        title, category, currency, own = (
            text(key.get(name)) for name in ("title", "category", "currency", "own_currency")
        )
        rate = key.get("own_rate"), own
        day = MerchantDay(merchant_key(title), category, currency, key["day"], *rate, row["amount"], row["count"])
        found[key["month"].date()].append(day)
    return found


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

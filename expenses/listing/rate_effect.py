"""What other own rates would change: how many expenses, and their total."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from classifier.categories import Kind
from expenses import money, rates
from expenses.listing.totals import sums_by_month
from expenses.models.ledger import Ledger
from expenses.models.matches import entries_of
from expenses.models.own_rates import LedgerRate
from expenses.sums.figures import convert_sum, rates_needed
from finbrain.core.dates import midnight


class RateEffect(NamedTuple):
    """The expenses whose value changes, in the home currency. new: how many of them have no rate now."""

    count: int
    new: int
    before: Decimal
    after: Decimal


def effect_of(ledger: Ledger, new_rates: Sequence[LedgerRate]) -> RateEffect:
    """Return what changes in the ledger's spending if it uses `new_rates`. Costs an aggregation."""
    home, zero = ledger.home_currency, money.quantize(Decimal(0), ledger.home_currency)
    changed = set(ledger.own_rates) ^ set(new_rates)
    if not changed:
        return RateEffect(0, 0, zero, zero)
    match = entries_of(ledger.id) | {"spent_on": {"$gte": midnight(min(rate.since for rate in changed))}}
    sums = sums_by_month(match, home, cash_withdrawn=ledger.cash_withdrawn)
    needed = rates_needed(sums, home)
    books = rates.rates_for(needed, ledger.own_rates), rates.rates_for(needed, new_rates)
    count = new = 0
    totals = [Decimal(0), Decimal(0)]
    for month, rows in sums.items():
        for row in rows:
            values = [found and found.amount for found in (convert_sum(row, month, home, book) for book in books)]
            if row.kind != Kind.SPENT or values[0] == values[1]:
                continue
            count += row.count
            new += row.count if values[0] is None else 0
            totals = [total + (value or 0) for total, value in zip(totals, values, strict=True)]
    return RateEffect(count, new, *(money.quantize(total, home) for total in totals))

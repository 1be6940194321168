"""What other own rates would change: how many entries of each kind, and their sums."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from classifier.categories import Kind
from expenses import rates
from expenses.listing.totals import sums_by_month
from expenses.models.entry_filters import entries_of
from expenses.models.ledger import Ledger
from expenses.models.own_rates import LedgerRate
from expenses.sums.converting import convert_sum, rates_needed
from finbrain.core.dates import midnight


class Change(NamedTuple):
    """How many entries of a kind change, and their sum before and after, in the home currency. Income is positive."""

    count: int = 0
    before: Decimal = Decimal(0)
    after: Decimal = Decimal(0)


class RateEffect(NamedTuple):
    """What changes, by kind. new: how many entries have no rate now and get one. lost: the other way round."""

    kinds: dict[Kind, Change]
    new: int = 0
    lost: int = 0


def effect_of_rates(ledger: Ledger, new_rates: Sequence[LedgerRate]) -> RateEffect:
    """Return what changes in the ledger if it uses `new_rates`. Costs an aggregation."""
    changed = set(ledger.own_rates) ^ set(new_rates)
    if not changed:
        return RateEffect({})
    home = ledger.home_currency
    match = entries_of(ledger.id) | {"spent_on": {"$gte": midnight(min(rate.since for rate in changed))}}
    sums = sums_by_month(match, home, cash_withdrawn=ledger.cash_withdrawn)
    needed = rates_needed(sums, home)
    books = rates.rates_for(needed, ledger.own_rates), rates.rates_for(needed, new_rates)
    kinds: dict[Kind, Change] = {}
    new = lost = 0
    for month, rows in sums.items():
        for row in rows:
            before, after = (
                found and found.amount for found in (convert_sum(row, month, home, book) for book in books)
            )
            if before != after:
                kind = Kind(row.kind)
                kinds[kind] = _with(kinds.get(kind, Change()), row.count, _shown(before, kind), _shown(after, kind))
                new += row.count if before is None else 0
                lost += row.count if after is None else 0
    return RateEffect(kinds, new, lost)


def _shown(amount: Decimal | None, kind: Kind) -> Decimal:
    return -(amount or Decimal(0)) if kind == Kind.RECEIVED else amount or Decimal(0)


def _with(change: Change, count: int, before: Decimal, after: Decimal) -> Change:
    return Change(change.count + count, change.before + before, change.after + after)

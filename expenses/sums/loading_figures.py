"""Load the figures of months: from this process, from the cache, or from their sums, converted at each day's rate."""

from collections.abc import Mapping, Sequence
from datetime import date

from bson import ObjectId

from expenses import rates
from expenses.models.ledger import Ledger
from expenses.models.own_rates import LedgerRate, version_of
from expenses.months import month_text
from expenses.sums.converting import MonthParts, convert_month, rates_needed
from expenses.sums.figures import MonthFigures
from expenses.sums.loading_sums import KEPT_SECONDS, RENEWABLE, is_renewable, load_sums, remembered
from expenses.sums.month_tokens import NEVER_WRITTEN
from finbrain.core import tolerant_cache
from finbrain.core.lru import LRU

# Part of every cache key. Raise it when the shape of the cached values changes.
_FORMAT = 6
# A busy month takes about 100 KB. The keys contain the month's token, so outdated figures are never used.
recent: LRU[str, MonthFigures] = LRU(size=60)
# By month and settings: what the figures of months that change are made of. Only what changed is converted again.
kept_parts: LRU[str, MonthParts] = LRU(size=RENEWABLE)


def forget_figures() -> None:
    """Forget all that this process remembers of months, as one that has just started."""
    for memory in (recent, kept_parts, remembered):
        memory.clear()


def figures_of(
    ledger: Ledger, tokens: Mapping[date, str], display: str, version: str, until: date | None = None
) -> dict[date, MonthFigures]:
    """Load the figures of a ledger's months with its settings, like `load_figures`."""
    return load_figures(ledger.id, tokens, ledger.threshold, display, version, **ledger.counting, until=until)


def load_figures(
    ledger_id: ObjectId,
    tokens: Mapping[date, str],
    threshold: float,
    display: str,
    version: str,
    *,
    cash_withdrawn: bool = False,
    own_rates: Sequence[LedgerRate] = (),
    until: date | None = None,
) -> dict[date, MonthFigures]:
    """Load the figures of every month in `tokens` from this process, the cache or the sums.

    threshold, cash_withdrawn, own_rates: the ledger's. version: of the published rates, from `rates_version`. until:
    the last day to add up.
    """
    settings = f"{threshold}:{cash_withdrawn}:{display}:{version}:{version_of(own_rates)}:{until}"
    written = {month: token for month, token in tokens.items() if token != NEVER_WRITTEN}
    places = {month: f"figures:{_FORMAT}:{ledger_id}:{month_text(month)}:{settings}" for month in written}
    keys = {f"{places[month]}:{token}": month for month, token in written.items()}
    found = recent.get_many(keys)
    before = kept_parts.get_many(places[month] for key, month in keys.items() if key not in found)
    asked = [key for key, month in keys.items() if key not in found and places[month] not in before]
    found |= {key: MonthFigures.from_json(keys[key], data) for key, data in tolerant_cache.get_many(asked).items()}
    missing = {month: written[month] for key, month in keys.items() if key not in found}
    if missing:
        sums = load_sums(ledger_id, missing, threshold, display, until)
        book = rates.rates_for(rates_needed({month: each.sums for month, each in sums.items()}, display), own_rates)
        counted = {month: each.counted(cash_withdrawn=cash_withdrawn) for month, each in sums.items()}
        made = {
            month: convert_month(month, each, display, book, before.get(places[month]))
            for month, each in counted.items()
        }
        kept_parts.put_many({places[month]: each for month, each in made.items() if is_renewable(sums[month], until)})
        new = {key: made[month].figures(month) for key, month in keys.items() if month in made}
        # What is made of what this process remembers takes no longer than reading it from the cache.
        whole = {key: each for key, each in new.items() if places[keys[key]] not in before}
        tolerant_cache.set_many({key: each.to_json() for key, each in whole.items()}, KEPT_SECONDS)
        found |= new
    recent.put_many(found)
    return {month: MonthFigures(month) for month in tokens} | {keys[key]: figures for key, figures in found.items()}

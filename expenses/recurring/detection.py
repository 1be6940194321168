"""Finds series among the entries of a ledger: subscriptions, bills, rent, salary. Pure: entries in, series out."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from math import log
from typing import Any

from expenses.recurring import chance
from expenses.recurring.chains import EntryChain, SeriesEntry, View, best_chain
from expenses.recurring.cycles import LENGTHS, TOLERANCES, Cycle, next_day
from expenses.recurring.names import are_alike, clusters, hint_of, merchant_text

# The least weight of a proposal.
_ENOUGH = 1.0
_MOST_OF_A_MERCHANT = 8
# Amounts further apart than this are tried as different series.
_STEPS = (log(1.1), log(1.35))
_USUAL_AMOUNTS = 6
# How many cycles, and at least how many days, an entry is overdue when its series has ended.
_ENDED_AFTER, _ENDED_DAYS = 2.5, 40


@dataclass(frozen=True)
class Found:
    """A series that was found.

    next: when the next entry is due, even if that is past. low, high: the usual range of the amounts, never negative.
    is_income: whether it comes in. is_over: whether too many are overdue for it to go on. confidence: 0 to 1.
    """

    name: str
    text: str
    cycle: Cycle
    entries: tuple[SeriesEntry, ...]
    next: date
    low: Decimal
    high: Decimal
    currency: str
    is_income: bool
    is_over: bool
    confidence: float


def detect(entries: Iterable[SeriesEntry], today: date) -> list[Found]:
    """Return the series among entries, the most certain first."""
    known = _with_texts(entry for entry in entries if entry.amount)
    if not known:
        return []
    last = max(entry.day for entry in known)
    until = min(last, today) if known[0].day <= today else last
    found: list[Found] = []
    for is_income in (False, True):
        chains: list[EntryChain] = []
        by_text: dict[str, list[SeriesEntry]] = defaultdict(list)
        for entry in known:
            if (entry.amount < 0) == is_income:
                by_text[entry.text].append(entry)
        for texts in clusters(by_text):
            group = by_text[texts[0]]
            if len(texts) > 1:
                group = sorted((entry for text in texts for entry in by_text[text]), key=_by_day)
            chains += _of_merchant(group, until)
        found += [_found(chain, until, is_income) for chain in _continued(chains)]
    return sorted(found, key=lambda each: -each.confidence)


def _by_day(entry: SeriesEntry) -> tuple[date, str]:
    return entry.day, str(entry.id)


def _with_texts(entries: Iterable[SeriesEntry]) -> list[SeriesEntry]:
    texts: dict[str, str] = {}
    known = []
    for entry in entries:
        if entry.title not in texts:
            texts[entry.title] = merchant_text(entry.title)
        known.append(entry._replace(text=texts[entry.title], size=abs(float(entry.amount))))
    return sorted(known, key=_by_day)


def _of_merchant(group: Sequence[SeriesEntry], until: date) -> list[EntryChain]:
    """Return the series of one merchant: the best one, then the best of the other entries, and so on."""
    found: list[EntryChain] = []
    left = list(group)
    while len(left) > 1 and len(found) < _MOST_OF_A_MERCHANT:
        best = max((chain for view in _views(left) if (chain := best_chain(view, until))), key=_weight, default=None)
        if best is None or best.weight < _ENOUGH:
            break
        found.append(best)
        taken = {entry.id for entry in best.entries}
        left = [entry for entry in left if entry.id not in taken]
    return _completed(_joined(found, until), left)


def _weight(chain: EntryChain) -> float:
    return chain.weight


def _views(group: Sequence[SeriesEntry]) -> Iterator[View]:
    """Yield the parts of a merchant's entries that may be a series: all, those of a name, an amount, an account."""
    parts: dict[tuple[Any, ...], Sequence[SeriesEntry]] = {tuple(entry.id for entry in group): group}
    keys: list[Callable[[SeriesEntry], Any]] = [
        lambda entry: entry.text,
        lambda entry: entry.title.casefold(),
        lambda entry: entry.account,
        lambda entry: (entry.currency, entry.amount),
    ]
    for step in _STEPS:
        levels = _levels(group, step)
        keys.append(lambda entry, levels=levels: levels[entry.currency, entry.size])
    for key in keys:
        split: dict[Any, list[SeriesEntry]] = defaultdict(list)
        for entry in group:
            split[key(entry)].append(entry)
        for part in split.values():
            if 1 < len(part) < len(group):
                parts.setdefault(tuple(entry.id for entry in part), part)
    equal = sum(one.amount == two.amount for one, two in pairwise(group)) / len(group)
    for part in parts.values():
        yield View(part, len(group), equal, len(parts), hint_of(part[-1].text, part[-1].category))


def _levels(group: Sequence[SeriesEntry], step: float) -> dict[tuple[str, float], int]:
    """Return the level of each amount: a new one begins where the next larger amount is a `step` away."""
    levels, level = {}, 0
    amounts = sorted({(entry.currency, entry.size) for entry in group})
    for before, amount in pairwise([amounts[0], *amounts]):
        level += amount[0] != before[0] or log(amount[1] / before[1]) > step
        levels[amount] = level
    return levels


def _joined(chains: Sequence[EntryChain], until: date) -> list[EntryChain]:
    """Join chains that follow each other: the price, the name or the day changed, or the series paused."""
    joined: list[EntryChain] = []
    for chain in sorted(chains, key=lambda each: each.entries[0].day):
        before = next((each for each in reversed(joined) if _follows(each, chain)), None)
        if before is not None:
            joined.remove(before)
            chain = EntryChain(before.entries + chain.entries, chain.cycle, before.weight + max(chain.weight, 0.0))
        joined.append(chain)
    return joined


def _follows(before: EntryChain, after: EntryChain) -> bool:
    apart = (after.entries[0].day - before.entries[-1].day).days / LENGTHS[after.cycle]
    ratio = after.entries[0].size / before.entries[-1].size
    return before.cycle == after.cycle and 0.3 < apart < 4.5 and 0.5 < ratio < 2


def _completed(chains: Sequence[EntryChain], left: Sequence[SeriesEntry]) -> list[EntryChain]:
    """Add entries to chains that were too late or too early for their cycle, where nothing came in time."""
    free = list(left)
    found = []
    for chain in chains:
        entries = list(chain.entries)
        reach = TOLERANCES[chain.cycle] * 1.7
        usual = sorted(entry.size for entry in entries)[len(entries) // 2]
        for entry in list(free):
            nearest = min(abs((entry.day - each.day).days) for each in entries)
            off = abs(nearest - LENGTHS[chain.cycle])
            if off <= reach and abs(log(entry.size / usual)) < chance.WILD:
                entries = sorted([*entries, entry], key=_by_day)
                free.remove(entry)
        found.append(replace(chain, entries=tuple(entries)))
    return found


def _continued(chains: Sequence[EntryChain]) -> list[EntryChain]:
    """Join chains of different names if the second continues the first: the same amount at the same time."""
    joined: list[EntryChain] = []
    for chain in sorted(chains, key=lambda each: each.entries[0].day):
        first = chain.entries[0]
        for before in joined:
            last = before.entries[-1]
            due = next_day(before.days, before.cycle)
            on_time = abs((first.day - due).days) <= TOLERANCES[chain.cycle] / 2
            same = (last.amount, last.currency, before.cycle) == (first.amount, first.currency, chain.cycle)
            if on_time and same and (are_alike(last.text, first.text) or first.amount % 1):
                joined.remove(before)
                chain = EntryChain(before.entries + chain.entries, chain.cycle, before.weight + chain.weight)
                break
        joined.append(chain)
    return joined


def _found(chain: EntryChain, until: date, is_income: bool) -> Found:
    entries = chain.entries
    due = next_day(chain.days, chain.cycle)
    low, high = usual_range([abs(entry.amount) for entry in entries if entry.currency == entries[-1].currency])
    return Found(
        name=_name_of(entries),
        text=entries[-1].text,
        cycle=chain.cycle,
        entries=entries,
        next=due,
        low=low,
        high=high,
        currency=entries[-1].currency,
        is_income=is_income,
        is_over=until - due > timedelta(days=max(_ENDED_AFTER * LENGTHS[chain.cycle], _ENDED_DAYS)),
        confidence=round(chance.confidence(chain.weight), 3),
    )


def usual_range(amounts: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """Return the usual range: one amount if the last ones are equal, else the range of the last few."""
    recent = amounts[-_USUAL_AMOUNTS:]
    if len(set(recent[-2:])) == 1:
        return recent[-1], recent[-1]
    return min(recent), max(recent)


def _name_of(entries: Sequence[SeriesEntry]) -> str:
    """Return the title that most of the recent entries have. Of different ones, the last."""
    titles = Counter(entry.title for entry in entries[-_USUAL_AMOUNTS:])
    common, count = titles.most_common(1)[0]
    return common if count > 1 else entries[-1].title

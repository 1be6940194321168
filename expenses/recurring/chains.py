"""Finds the chain of one merchant's entries that fits a cycle best. Pure."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from math import floor, log
from statistics import median
from typing import Any, NamedTuple

from expenses.recurring import chance
from expenses.recurring.cycles import LENGTHS, TOLERANCES, Cycle, place

# A cycle is tried if the entries are neither much denser nor much sparser than it.
_DENSEST, _SPARSEST = 2.6, 0.3
_RECENT = 5
# The part of the tolerance that windows are tried with: twins of one merchant may be a few days apart.
_STRICTNESS = (1.0, 0.3)
_LEAST_WITH_GAP = 4
_OUTLIER = log(2.2)
# A chain that skips more often is none.
_LEAST_FILLED = 0.5
# In cycles. A series may begin again after a longer one, which `detection` joins.
_LONG_GAP = 3
_LEAST = dict(zip(Cycle, (4, 4, 4, 3, 3, 3, 3, 2), strict=True))


class SeriesEntry(NamedTuple):
    """An entry to look for series among.

    amount: positive if it left the account. text: the normalised title. size: the amount without its sign. Detection
    fills in both.
    """

    id: Any
    title: str
    amount: Decimal
    currency: str
    day: date
    account: str = ""
    category: str = ""
    text: str = ""
    size: float = 0.0


@dataclass(frozen=True, slots=True)
class EntryChain:
    """Entries that may be a series, in order, with the weight of the evidence."""

    entries: tuple[SeriesEntry, ...]
    cycle: Cycle
    weight: float

    @property
    def days(self) -> list[date]:
        return [entry.day for entry in self.entries]


@dataclass(frozen=True, slots=True)
class View:
    """Some entries of a merchant, by day, that are tried as a series.

    merchant: how many entries the merchant has. equal: the share of its visits that cost the same as the one before.
    tries: how many views the merchant has. hint: from the names.
    """

    entries: Sequence[SeriesEntry]
    merchant: int
    equal: float
    tries: int
    hint: float


def best_chain(view: View, until: date) -> EntryChain | None:
    """Return the chain with the most weight, of any cycle. None if there is no chain. until: the last known day."""
    chains = (chain for cycle in Cycle if _may_fit(view.entries, cycle) for chain in _chains(view, cycle, until))
    return max(chains, key=lambda chain: chain.weight, default=None)


def _may_fit(entries: Sequence[SeriesEntry], cycle: Cycle) -> bool:
    if len(entries) < _LEAST[cycle]:
        return False
    slots = (entries[-1].day - entries[0].day).days / LENGTHS[cycle] + 1
    if len(entries) == 2 and abs(slots - 2) * LENGTHS[cycle] > TOLERANCES[cycle] * 1.5:
        return False
    return _SPARSEST <= len(entries) / slots <= _DENSEST and slots > _LEAST[cycle] - 0.5


def _chains(view: View, cycle: Cycle, until: date) -> Iterator[EntryChain]:
    places = [place(entry.day, cycle) for entry in view.entries]
    for strictness in _STRICTNESS:
        tolerance = TOLERANCES[cycle] / LENGTHS[cycle] * strictness
        start = _best_start(places, tolerance)
        picked = _without_outliers(_pick(view.entries, places, start, 2 * tolerance))
        for part in _parts(picked):
            if len(part) >= _LEAST[cycle] and (chain := _weighed(view, part, cycle, until)):
                yield chain
        if len(picked) == len(view.entries) or LENGTHS[cycle] < LENGTHS[Cycle.MONTHLY]:
            return


def _best_start(places: Sequence[float], tolerance: float) -> float:
    """Return where the window of a cycle begins in which entries fall in most cycles, and are closest together."""
    parts = sorted((each % 1, floor(each)) for each in places)
    circle = [*parts, *((part + 1, slot - 1) for part, slot in parts)]
    counts: dict[int, int] = defaultdict(int)
    best, end = (0, 0.0, 0.0), 0
    for part, slot in parts:
        while end < len(circle) and circle[end][0] <= part + 2 * tolerance and end < len(circle):
            counts[circle[end][1]] += 1
            end += 1
        width = circle[end - 1][0] - part
        best = max(best, (len(counts), -width, part - (2 * tolerance - width) / 2))
        counts[slot] -= 1
        if not counts[slot]:
            del counts[slot]
    return best[2]


def _pick(
    entries: Sequence[SeriesEntry], places: Sequence[float], start: float, width: float
) -> list[tuple[float, SeriesEntry]]:
    """Pick one entry for each cycle, of several the one whose amount is closest to the picked ones.

    Returns entries with their place from the beginning of the window.
    """
    slots: dict[int, list[tuple[float, SeriesEntry]]] = defaultdict(list)
    for entry, each in zip(entries, places, strict=True):
        if (each - start) % 1 <= width:
            slots[floor(each - start)].append((each - start, entry))
    usual = median(entry.size for found in slots.values() for _place, entry in found)
    picked: list[tuple[float, SeriesEntry]] = []
    for slot in sorted(slots):
        # The amount before counts more than the usual one, because prices rise.
        near = picked[-1][1].size if picked and len(slots[slot]) > 1 else usual
        middle = slot + width / 2
        picked.append(min(slots[slot], key=lambda one: (abs(log(one[1].size / near)), abs(one[0] - middle))))
    return picked


def _without_outliers(picked: Sequence[tuple[float, SeriesEntry]]) -> Sequence[tuple[float, SeriesEntry]]:
    """Leave out entries that cost a multiple of the usual amount, unless the amounts jump anyway."""
    sizes = [entry.size for _place, entry in picked]
    if len(sizes) < _LEAST_WITH_GAP or chance.is_wild(sizes):
        return picked
    usual = median(sizes)
    return [each for each in picked if abs(log(each[1].size / usual)) < _OUTLIER]


def _parts(picked: Sequence[tuple[float, SeriesEntry]]) -> Iterator[Sequence[tuple[float, SeriesEntry]]]:
    """Yield the whole chain, and if it has long gaps the longest part without one."""
    yield picked
    starts = [0]
    for number, (before, after) in enumerate(pairwise(picked), 1):
        if floor(after[0]) - floor(before[0]) > _LONG_GAP:
            starts.append(number)
    if len(starts) > 1:
        parts = [picked[start:end] for start, end in pairwise([*starts, len(picked)])]
        yield max(parts, key=len)


def _weighed(view: View, part: Sequence[tuple[float, SeriesEntry]], cycle: Cycle, until: date) -> EntryChain | None:
    length = LENGTHS[cycle]
    if len(part) < _LEAST_FILLED * (floor(part[-1][0]) - floor(part[0][0])):
        return None
    entries = tuple(entry for _place, entry in part)
    sizes = [entry.size for entry in entries]
    slots = [floor(each) for each, _entry in part]
    within = [(each - slot) * length for (each, _entry), slot in zip(part, slots, strict=True)]
    offs = [each - median(within[max(0, number - _RECENT) : number]) for number, each in enumerate(within) if number]
    days = (entries[-1].day - entries[0].day).days
    half = timedelta(days=length / 2)
    every = [entry.day for entry in view.entries]
    in_time = bisect_right(every, entries[-1].day + half) - bisect_left(every, entries[0].day - half)
    skipped = slots[-1] - slots[0] + 1 - len(entries)
    late = max(0, floor(((until - entries[-1].day).days - TOLERANCES[cycle]) / length))
    weight = chance.days_weight(offs, cycle, in_time - len(entries), days + length, skipped, late)
    same = view.equal * (1 - len(entries) / view.merchant)
    amounts = chance.amounts_weight(sizes, [entry.currency for entry in entries], same)
    weight += amounts * len(view.entries) / view.merchant
    weight += chance.prior_weight(cycle, view.hint) - log(view.tries)
    if skipped and len(entries) < _LEAST_WITH_GAP:
        return None
    if view.hint <= 0 and length < LENGTHS[Cycle.FOUR_WEEKLY] and chance.is_wild(sizes):
        return None
    return EntryChain(entries, cycle, weight)

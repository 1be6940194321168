"""Carries ticks and mended rows over to a new plan of a file, where rows may have other numbers and groups."""

from collections import Counter, defaultdict
from dataclasses import replace
from typing import NamedTuple

from expenses.importing.edits import Edits, unreadable_number
from expenses.importing.frame import PackingError
from expenses.importing.kept_plan import KeptPlan
from expenses.importing.plan import TICKED
from expenses.models import ImportBatch

# Plans of more pieces take too long to compare.
_MOST_PIECES = 3


class RowPlace(NamedTuple):
    """Where a row is in a plan. An unreadable row becomes a new one once it is mended."""

    group: str
    number: int


# A row of the file, by its line and its ordinal among the rows of that line.
_Places = dict[tuple[int, int], RowPlace]


def plan_before(batch: ImportBatch) -> KeptPlan | None:
    """The plan that a draft's page showed; None if it can't be compared with another one."""
    try:
        kept = KeptPlan(batch.plan)
    except PackingError:
        return None
    return kept if kept.done and kept.pieces <= _MOST_PIECES else None


def renumbered(before: KeptPlan, after: KeptPlan) -> dict[int, RowPlace]:
    """Map the numbers of a plan's rows to their places in another plan of the same file."""
    if not after.done or after.pieces > _MOST_PIECES:
        return {}
    found = _places(after)
    return {place.number: found[row] for row, place in _places(before).items() if row in found}


def _places(kept: KeptPlan) -> _Places:
    plan = kept.whole()
    rows = [(row.number, row.entry.line, group) for group, some in plan.tickable().items() for row in some]
    ordinals: Counter[int] = Counter()
    places: _Places = {}
    for number, line, group in sorted(rows):
        places[line, ordinals[line]] = RowPlace(group, number)
        ordinals[line] += 1
    for index, problem in enumerate(plan.unreadable):
        places.setdefault((problem.line, 0), RowPlace("new", unreadable_number(index)))
    return places


def carried(edits: Edits, places: dict[int, RowPlace]) -> tuple[Edits, bool]:
    """The edits with the rows at their new places, and whether some of them had to be discarded."""
    mended = {places[number].number: entry for number, entry in edits.mended.items() if number in places}
    turned: dict[str, set[int]] = defaultdict(set)
    lost = len(mended) < len(edits.mended)
    for group in TICKED:
        for number in edits.turned.get(group, ()):
            place = places.get(number)
            if place is None:
                lost = True
            elif place.number >= 0 or place.number in mended:
                usual = edits.all.get(place.group, place.group == "new")
                turned[place.group] |= {place.number} if edits.is_ticked(group, number) != usual else set()
    found = {group: frozenset(numbers) for group, numbers in turned.items() if numbers}
    return replace(edits, turned=found, mended=mended), lost

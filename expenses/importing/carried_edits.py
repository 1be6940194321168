"""Carries ticks and mended rows over to a new plan of a file, where rows may have other numbers and groups."""

from collections import Counter, defaultdict
from dataclasses import replace
from typing import NamedTuple

from expenses.importing.edits import Edits, unreadable_number
from expenses.importing.frame import PackingError
from expenses.importing.kept_plan import KeptPlan
from expenses.models import ImportBatch

# Plans of more pieces take too long to compare.
_MOST_PIECES = 3


class RowPlace(NamedTuple):
    """Where a row is in a plan. An unreadable row becomes a new one once it is mended."""

    group: str
    number: int


# A row of the file, by its line and its ordinal among the rows of that line.
Places = dict[tuple[int, int], RowPlace]


def places_before(batch: ImportBatch) -> Places:
    """The places of the rows that a draft's page showed; none if they can't be compared with another plan's."""
    try:
        return places_of(KeptPlan(batch.plan))
    except PackingError:
        return {}


def places_of(kept: KeptPlan) -> Places:
    """The places of a plan's rows; none if it isn't done or has too many pieces."""
    if not kept.done or kept.pieces > _MOST_PIECES:
        return {}
    plan = kept.whole()
    rows = [(row.number, row.entry.line, group) for group, some in plan.tickable().items() for row in some]
    ordinals: Counter[int] = Counter()
    places: Places = {}
    for number, line, group in sorted(rows):
        places[line, ordinals[line]] = RowPlace(group, number)
        ordinals[line] += 1
    for index, problem in enumerate(plan.unreadable):
        places.setdefault((problem.line, 0), RowPlace("new", unreadable_number(index)))
    return places


def renumbered(before: Places, after: Places) -> dict[int, RowPlace]:
    """Map the numbers of a plan's rows to their places in another plan of the same file."""
    return {place.number: after[row] for row, place in before.items() if row in after}


def carried(edits: Edits, before: Places, after: Places) -> tuple[Edits, bool]:
    """The edits with the rows at their new places, and whether some of them had to be discarded.

    The ticks of rows that the new plan doesn't have, or not to tick, are kept by line until one has them again.
    """
    places = renumbered(before, after)
    mended = {places[number].number: entry for number, entry in edits.mended.items() if number in places}
    by_line = _ticks_by_line(edits, before)
    turned: dict[str, set[int]] = defaultdict(set)
    for row, ticked in by_line.items():
        place = after.get(row)
        if place and (place.number >= 0 or place.number in mended):
            usual = edits.all.get(place.group, place.group == "new")
            turned[place.group] |= {place.number} if ticked != usual else set()
    found = {group: frozenset(numbers) for group, numbers in turned.items() if numbers}
    is_known = {place.number for place in before.values()}.issuperset
    is_less = len(mended) < len(edits.mended) or not all(map(is_known, edits.turned.values()))
    return replace(edits, turned=found, mended=mended, by_line=by_line), is_less


def _ticks_by_line(edits: Edits, places: Places) -> dict[tuple[int, int], bool]:
    """The ticks of the rows that the person ever ticked or unticked. places: in the plan that the page showed."""
    found = dict(edits.by_line)
    for row, (group, number) in places.items():
        is_shown = number >= 0 or number in edits.mended
        if is_shown and (row in found or number in edits.turned.get(group, ())):
            found[row] = edits.is_ticked(group, number)
    return found

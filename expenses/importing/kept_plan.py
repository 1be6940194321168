"""A plan in parts, of which a page or a step of an import unpacks only those that it needs."""

from collections.abc import Callable, Collection
from dataclasses import astuple, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from expenses.importing.file_categories import FileCategory
from expenses.importing.fingerprints import FileRow
from expenses.importing.frame import Frame, PackingError, join, pack
from expenses.importing.packing import (
    alike_of,
    alike_values,
    problem_of,
    problem_values,
    row_of,
    row_values,
    shown_of,
    shown_values,
    total_values,
    totals_in,
)
from expenses.importing.plan import KINDS, TICKED, Difference, Plan
from expenses.importing.planning import Planned, Planner
from expenses.importing.questions import Question

# What the planned pieces say, before the groups of all pieces.
_STATES = 2
_NO_END = 10**9
_VALUES: dict[str, Callable[[Any], list[Any]]] = {"alike": alike_values, "unreadable": problem_values}
_READERS: dict[str, Callable[[Any], Any]] = {"alike": alike_of, "unreadable": problem_of}


def _row_in(kind: str, values: Any) -> FileRow:
    """The row of a group with these values."""
    return alike_of(values)[0] if kind == "alike" else row_of(values)


class KeptPlan:
    """A plan as it is kept, with all pieces or the first ones.

    done: whether it has all. pieces: how many it has. counts: of each piece, the number of rows in each group.
    """

    def __init__(self, content: bytes | None) -> None:
        self._frame = Frame(content)
        head = self._frame.head
        if "counts" not in head:
            raise PackingError("no plan")
        self.content = bytes(content or b"")
        self.counts: list[list[int]] = head["counts"]
        self.done, self.pieces = "summary" in head, len(self.counts)

    def planned(self) -> Planned:
        """What the pieces say for the next ones."""
        return Planned(self._frame.head["state"], self._frame.raw(0), self._frame.raw(1))

    @cached_property
    def summary(self) -> Plan:
        """The plan without rows, but with the counts of all."""
        gap, questions, categories, totals = self._frame.head["summary"]
        counts = {str(kind): sum(each[at] for each in self.counts) for at, kind in enumerate(KINDS)}
        return Plan(
            counts=counts,
            gap=gap and Difference(Decimal(gap[0]), *gap[1:]),
            questions=tuple(Question(name, tuple(shown_of(rows)), tuple(labels)) for name, rows, labels in questions),
            categories=tuple(FileCategory(*values) for values in categories),
            totals={group: totals_in(values) for group, values in totals.items()},
        )

    def rows(self, kind: str, start: int, most: int | None = None) -> tuple[Any, ...]:
        """At most `most` rows of a group, from index `start` on."""
        found: list[Any] = []
        place = KINDS.index(kind)
        for number, counts in enumerate(self.counts):
            if counts[place] > start and (most is None or len(found) < most):
                values = self._frame.part(_STATES + number * len(KINDS) + place)
                end = None if most is None else start + most - len(found)
                found += map(_READERS.get(kind, row_of), values[start:end])
            start = max(0, start - counts[place])
        return tuple(found)

    def piece(self, number: int) -> Plan:
        """All rows of a piece that can be ticked."""
        parts = {kind: self._frame.part(_STATES + number * len(KINDS) + at) for at, kind in enumerate(TICKED)}
        groups = {kind: tuple(map(_READERS.get(kind, row_of), values)) for kind, values in parts.items()}
        return replace(Plan(), **groups)

    def rows_numbered(self, numbers: Collection[int]) -> dict[int, tuple[str, FileRow]]:
        """The rows with these numbers as the file has them, with the group of each. Unpacks only their pieces."""
        found = {}
        for number in range(self.pieces):
            first, end = self.bounds(number)
            here = {one for one in numbers if first <= one < end}
            for at, kind in enumerate(TICKED if here else ()):
                values = self._frame.part(_STATES + number * len(KINDS) + at)
                found |= {one[0]: (kind, _row_in(kind, one)) for one in values if one[0] in here}
        return found

    def bounds(self, number: int) -> tuple[int, int]:
        """The number of the first row of a piece, and that after its last one; the last piece has no end."""
        first = self._frame.head["first"]
        return first[number], first[number + 1] if number + 1 < self.pieces else _NO_END

    def with_piece(self, plan: Plan, first: int, planner: Planner) -> "KeptPlan":
        """The plan with another piece, whose rows are numbered from `first` on."""
        groups = [self._frame.raw(at) for at in range(_STATES, len(self._frame))]
        groups += [pack([*map(_VALUES.get(kind, row_values), getattr(plan, kind))]) for kind in KINDS]
        counts = [*self.counts, [plan.counts[kind] for kind in KINDS]]
        head: dict[str, Any] = {"counts": counts, "first": [*self._frame.head["first"], first]}
        if planner.done == len(planner.pieces):
            return KeptPlan(join(head | {"summary": _summary_values(planner.summary())}, [b"", b"", *groups]))
        state, seen, taken = planner.planned()
        return KeptPlan(join(head | {"state": state}, [seen, taken, *groups]))

    def whole(self) -> Plan:
        """The plan with all its rows."""
        return replace(self.summary, **{kind: self.rows(kind, 0) for kind in KINDS})


EMPTY = KeptPlan(join({"counts": [], "first": [], "state": {}}, [b"", b""]))


def plan_next(planner: Planner, kept: KeptPlan) -> KeptPlan:
    """Plan the next piece."""
    first = planner.rows
    return kept.with_piece(planner.plan_next(), first, planner)


def _summary_values(plan: Plan) -> list[Any]:
    gap = plan.gap and [str(plan.gap.amount), *plan.gap[1:]]
    totals = {group: total_values(values) for group, values in plan.totals.items()}
    questions = [[one.name, shown_values(one.rows), one.labels] for one in plan.questions]
    return [gap, questions, [astuple(one) for one in plan.categories], totals]

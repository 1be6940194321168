"""A plan in parts, of which a page or a step of an import unpacks only those that it needs."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from expenses.importing.edits import Edits, mend, readable_rows, rows_to_import
from expenses.importing.file_categories import FileCategory, meanings_of
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
from expenses.importing.plan import KINDS, TICKED, Plan
from expenses.importing.planning import Planned, Planner
from expenses.importing.questions import Question
from expenses.models.ledger import Ledger

# What the planned pieces say, before the groups of all pieces.
_STATES = 2
_VALUES: dict[str, Callable[[Any], list[Any]]] = {"alike": alike_values, "unreadable": problem_values}
_READERS: dict[str, Callable[[Any], Any]] = {"alike": alike_of, "unreadable": problem_of}


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
            gap=gap and (Decimal(gap[0]), gap[1]),
            questions=tuple(Question(name, tuple(shown_of(rows)), tuple(labels)) for name, rows, labels in questions),
            categories=tuple(FileCategory(*values) for values in categories),
            totals=totals_in(totals),
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

    def first_number(self, number: int) -> int:
        """The number of the first row of a piece."""
        return self._frame.head["first"][number]

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
    gap = plan.gap and [str(plan.gap[0]), plan.gap[1]]
    questions = [[one.name, shown_values(one.rows), one.labels] for one in plan.questions]
    return [gap, questions, [astuple(one) for one in plan.categories], total_values(plan.totals)]


class MendedPlan:
    """A kept plan as the person wants it, with rows that were unreadable. account: of those."""

    def __init__(self, ledger: Ledger, kept: KeptPlan, edits: Edits, account: str) -> None:
        self.kept, self.edits = kept, edits
        self.readable = readable_rows(ledger.id, edits, account)
        self.meanings = meanings_of(kept.summary.categories, edits.meanings)
        more = {"new": len(self.readable), "unreadable": -len(self.readable)}
        counts = {kind: count + more.get(kind, 0) for kind, count in kept.summary.counts.items()}
        self.summary = replace(kept.summary, counts=counts)

    def page(self, starts: dict[str, int], most: int) -> Plan:
        """The plan with at most `most` rows of each group. starts: by group, the index of the first one."""
        groups = {kind: self.kept.rows(kind, starts.get(kind, 0), most) for kind in KINDS if kind != "new"}
        start, before = starts.get("new", 0), len(self.readable)
        readable = self.readable[start : start + most]
        groups["new"] = self.kept.rows("new", max(0, start - before), most - len(readable)) if most else ()
        mended = mend(replace(self.summary, **groups), self.edits, self.meanings)
        return replace(mended, new=(*readable, *mended.new))

    def count_ticked(self, number: int) -> int:
        """How many rows of a piece are imported, if each tick belongs to a row of its group."""
        first = self.kept.first_number(number) if number else -(10**9)
        end = self.kept.first_number(number + 1) if number + 1 < self.kept.pieces else 10**9
        more = {"new": len(self.readable)} if not number else {}
        counts = zip(TICKED, self.kept.counts[number], strict=False)
        return sum(
            self.edits.count_in(group, count + more.get(group, 0), _between(self._turned[group], first, end))
            for group, count in counts
        )

    def rows_to_import(self, number: int, batch_id: Any) -> list[FileRow]:
        """The ticked rows of a piece, in the file's order."""
        plan = mend(self.kept.piece(number), self.edits, self.meanings)
        readable = self.readable if not number else ()
        return rows_to_import(replace(plan, new=(*readable, *plan.new)), self.edits, batch_id)

    def pieces_from(self, position: int) -> Iterator[tuple[int, int, int]]:
        """Yield the pieces with rows after `position`: number, and the positions at which it starts and ends."""
        start = 0
        for number in range(self.kept.pieces):
            end = start + self.count_ticked(number)
            if end > position:
                yield number, start, end
            start = end

    @cached_property
    def _turned(self) -> dict[str, list[int]]:
        return {group: sorted(self.edits.turned.get(group, ())) for group in TICKED}


def _between(numbers: Sequence[int], first: int, end: int) -> int:
    return bisect_left(numbers, end) - bisect_left(numbers, first)

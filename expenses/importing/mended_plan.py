"""A kept plan as the person wants it: with ticks, mended rows, and what they add up to."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from expenses.importing.edits import Edits, mend, readable_rows, rows_to_import
from expenses.importing.file_categories import meanings_of
from expenses.importing.fingerprints import FileRow
from expenses.importing.kept_plan import KeptPlan
from expenses.importing.plan import KINDS, TICKED, Difference, Plan
from expenses.importing.totals import Total, together, totals_of
from expenses.models.ledger import Ledger

# Below the numbers of all rows, also of those that were unreadable.
_LEAST = -(10**9)


class MendedPlan:
    """A kept plan as the person wants it, with rows that were unreadable. account: of those."""

    def __init__(self, ledger: Ledger, kept: KeptPlan, edits: Edits, account: str) -> None:
        self.kept, self.edits = kept, edits
        self.readable = readable_rows(ledger.id, edits, account)
        self.meanings = meanings_of(kept.summary.categories, edits.meanings)
        more = {"new": len(self.readable), "unreadable": -len(self.readable)}
        counts = {kind: count + more.get(kind, 0) for kind, count in kept.summary.counts.items()}
        self.summary = replace(kept.summary, counts=counts, gap=self._gap())

    def page(self, starts: dict[str, int], most: int) -> Plan:
        """The plan with at most `most` rows of each group. starts: by group, the index of the first one."""
        groups = {kind: self.kept.rows(kind, starts.get(kind, 0), most) for kind in KINDS if kind != "new"}
        start, before = starts.get("new", 0), len(self.readable)
        readable = self.readable[start : start + most]
        groups["new"] = self.kept.rows("new", max(0, start - before), most - len(readable)) if most else ()
        totals = self._totals() if any(self.summary.counts[kind] > most for kind in TICKED) else {}
        mended = mend(replace(self.summary, **groups, totals=totals), self.edits, self.meanings)
        return replace(mended, new=(*readable, *mended.new))

    def count_ticked(self, number: int) -> int:
        """How many rows of a piece are imported, if each tick belongs to a row of its group."""
        first, end = self.kept.bounds(number)
        first = first if number else _LEAST
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

    def _gap(self) -> Difference | None:
        """What is missing to the closing balance, if the amounts are as the person wants them."""
        gap = self.kept.summary.gap
        if gap is None or not gap.currency or not self.edits.mended:
            return gap
        now = {number: entry.amount for number, entry in self.edits.mended.items() if entry.currency == gap.currency}
        before = sum(row.entry.amount for number, (_group, row) in self._as_read.items() if number in now)
        more = sum(now.values()) - before
        return gap._replace(amount=gap.amount + (-more if gap.is_owed else more))

    def _totals(self) -> dict[str, tuple[Total, ...]]:
        """What the ticked rows of each group add up to: all of them or none, then those that the person changed."""
        found = {
            group: list(self.kept.summary.totals.get(group, ()) if self._has_all(group) else ()) for group in TICKED
        }
        for number, (group, row) in self._as_read.items():
            if self._has_all(group):
                found[group] += [one.reversed() for one in totals_of([row.entry])]
            if self.edits.is_ticked(group, number):
                found[group] += totals_of([self.edits.mended.get(number, row.entry)])
        found["new"] += totals_of(row.entry for row in self.readable if self.edits.is_ticked("new", row.number))
        return {group: together(totals) for group, totals in found.items()}

    def _has_all(self, group: str) -> bool:
        return self.edits.all.get(group, group == "new")

    @cached_property
    def _as_read(self) -> dict[int, tuple[str, FileRow]]:
        """The rows that the person ticked, unticked or mended, as the file has them."""
        return self.kept.rows_numbered({*self.edits.mended}.union(*self.edits.turned.values()))

    @cached_property
    def _turned(self) -> dict[str, list[int]]:
        return {group: sorted(self.edits.turned.get(group, ())) for group in TICKED}


def _between(numbers: Sequence[int], first: int, end: int) -> int:
    return bisect_left(numbers, end) - bisect_left(numbers, first)

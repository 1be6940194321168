"""Plans an import: what happens to each row of a file, before anything is written."""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

from expenses.importing.duplicates import StoredExpense
from expenses.importing.file_categories import FileCategory
from expenses.importing.fingerprints import FileRow
from expenses.importing.questions import Question
from expenses.importing.totals import Total
from expenses.statements.statement import Problem

# The groups of a plan, and those whose rows can be ticked.
KINDS = ("new", "alike", "known", "unbooked", "unreadable")
TICKED = KINDS[:-1]


class Difference(NamedTuple):
    """What is missing to the closing balance that a file states.

    currency: "" if the file has several. is_owed: whether the balance is what the person owes.
    """

    amount: Decimal
    currency: str
    is_owed: bool = False


@dataclass(frozen=True)
class Plan:
    """The rows of a file, sorted by what the import does with them.

    new: imported unless unticked; the rows of all other groups are imported only if ticked. alike: possible duplicates,
    each with its expense. known: imported before, or repeated in the file. unbooked: pending or cancelled. unreadable:
    not imported unless mended. counts: the number of rows in each group. gap: None if the file states no balances.
    questions: what is undecided. categories: those that the file names. totals: of all rows of each group.
    """

    new: tuple[FileRow, ...] = ()
    alike: tuple[tuple[FileRow, StoredExpense], ...] = ()
    known: tuple[FileRow, ...] = ()
    unbooked: tuple[FileRow, ...] = ()
    unreadable: tuple[Problem, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    gap: Difference | None = None
    questions: tuple[Question, ...] = ()
    categories: tuple[FileCategory, ...] = ()
    totals: dict[str, tuple[Total, ...]] = field(default_factory=dict)

    def tickable(self) -> dict[str, tuple[FileRow, ...]]:
        """The rows that can be ticked, by group."""
        return {
            "new": self.new,
            "alike": tuple(row for row, _ in self.alike),
            "known": self.known,
            "unbooked": self.unbooked,
        }

    def counted(self) -> "Plan":
        """The plan with the counts of its rows."""
        return replace(self, counts={kind: len(getattr(self, kind)) for kind in KINDS})

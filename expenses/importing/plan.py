"""Plans an import: what happens to each row of a file, before anything is written."""

from dataclasses import dataclass, field, replace

from bson import ObjectId

from expenses.importing.accounts import with_accounts
from expenses.importing.choices import Choices
from expenses.importing.duplicates import StoredExpense, find_duplicates
from expenses.importing.fingerprints import FileRow, file_rows, seen_before
from expenses.statements import apply_mapping
from expenses.statements.statement import Problem, Reading, Status, Table

# The groups of a plan.
KINDS = ("new", "alike", "known", "unbooked", "unreadable")


@dataclass(frozen=True)
class Plan:
    """The rows of a file, sorted by what the import does with them.

    new: imported. alike: possible duplicates, each with its expense, imported only if ticked. known: imported before,
    or repeated in the file. unbooked: pending or cancelled, imported only if ticked. unreadable: never imported.
    counts: the number of rows in each group.
    """

    new: tuple[FileRow, ...] = ()
    alike: tuple[tuple[FileRow, StoredExpense], ...] = ()
    known: tuple[FileRow, ...] = ()
    unbooked: tuple[FileRow, ...] = ()
    unreadable: tuple[Problem, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)

    def beginning(self, most: int) -> "Plan":
        """The plan with at most `most` rows of each group, and the counts of all."""
        return replace(self, **{kind: getattr(self, kind)[:most] for kind in KINDS})

    def chosen(self, wanted: set[str]) -> list[FileRow]:
        """The rows to write, in the file's order: new ones, and others whose fingerprint is in `wanted`."""
        others = (*(row for row, _ in self.alike), *self.unbooked)
        also = [row for row in others if row.fingerprint in wanted]
        return sorted([*self.new, *also], key=lambda row: row.number)


def make_plan(ledger_id: ObjectId, read: Table | Reading, choices: Choices) -> Plan:
    """Sort the rows of a file. The number of database calls does not depend on the number of rows."""
    reading = apply_mapping(read, choices.mapping_of(read)) if isinstance(read, Table) else read
    rows = file_rows(ledger_id, with_accounts(reading.entries, choices.account))
    before = seen_before(ledger_id, rows)
    booked = [row for row in rows if row.entry.status == Status.BOOKED]
    alike = find_duplicates(ledger_id, booked, before)
    first = {row.fingerprint: row for row in reversed(rows)}
    known = [row for row in rows if row.fingerprint in before or first[row.fingerprint] is not row]
    left = {row.number for row in known}
    fresh = [row for row in booked if row.number not in left]
    left |= {row.number for row in booked}
    plan = Plan(
        new=tuple(row for row in fresh if row.number not in alike),
        alike=tuple((row, alike[row.number]) for row in fresh if row.number in alike),
        known=tuple(known),
        unbooked=tuple(row for row in rows if row.number not in left),
        unreadable=_plan_summary(read, reading.problems),
    )
    return replace(plan, counts={kind: len(getattr(plan, kind)) for kind in KINDS})


def _plan_summary(read: Table | Reading, problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Complete the problems for display: one with an empty cell shows the rest of its row instead."""
    if isinstance(read, Reading):
        return problems
    rows = dict(zip(read.lines, read.rows, strict=True))
    return tuple(
        each if each.text else replace(each, text=" · ".join(filter(None, rows[each.line]))) for each in problems
    )

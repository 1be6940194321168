"""Plans an import: what happens to each row of a file, before anything is written."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from bson import ObjectId

from expenses.importing.accounts import AccountSource, known_accounts, names_of, with_accounts
from expenses.importing.choices import Choices
from expenses.importing.duplicates import StoredExpense, find_duplicates
from expenses.importing.file_categories import FileCategory, find_categories
from expenses.importing.fingerprints import FileRow, file_rows, seen_before
from expenses.importing.questions import Question, questions_about
from expenses.importing.totals import Total, totals_of
from expenses.statements import apply_mapping
from expenses.statements.statement import Problem, Reading, Status, Table

# The groups of a plan, and those whose rows can be ticked.
KINDS = ("new", "alike", "known", "unbooked", "unreadable")
TICKED = KINDS[:-1]


@dataclass(frozen=True)
class Plan:
    """The rows of a file, sorted by what the import does with them.

    new: imported unless unticked; the rows of all other groups are imported only if ticked. alike: possible duplicates,
    each with its expense. known: imported before, or repeated in the file. unbooked: pending or cancelled. unreadable:
    not imported unless mended. counts: the number of rows in each group. gap: as of the reading, with its currency;
    None if the file states no balances. questions: what is undecided. categories: those that the file names. totals: of
    all new rows.
    """

    new: tuple[FileRow, ...] = ()
    alike: tuple[tuple[FileRow, StoredExpense], ...] = ()
    known: tuple[FileRow, ...] = ()
    unbooked: tuple[FileRow, ...] = ()
    unreadable: tuple[Problem, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    gap: tuple[Decimal, str] | None = None
    questions: tuple[Question, ...] = ()
    categories: tuple[FileCategory, ...] = ()
    totals: tuple[Total, ...] = ()

    def beginning(self, most: int, starts: dict[str, int] | None = None) -> "Plan":
        """The plan with at most `most` rows of each group, and the counts of all. starts: by group, the first row."""
        first = {kind: (starts or {}).get(kind, 0) for kind in KINDS}
        return replace(self, **{kind: getattr(self, kind)[first[kind] : first[kind] + most] for kind in KINDS})


def make_plan(ledger_id: ObjectId, read: Table | Reading, choices: Choices) -> Plan:
    """Sort the rows of a file. The number of database calls does not depend on the number of rows."""
    read = read.of_sheet(choices.sheet) if isinstance(read, Table) else read
    reading = apply_mapping(read, choices.mapping_of(read)) if isinstance(read, Table) else read
    names = names_of(reading.entries)
    accounts = known_accounts(reading.entries, names, choices.account, choices.source)
    rows = file_rows(ledger_id, with_accounts(reading.entries, names, choices.account), accounts)
    before = seen_before(ledger_id, rows)
    booked = [row for row in rows if row.entry.status == Status.BOOKED]
    alike = find_duplicates(ledger_id, booked, before, names_accounts=choices.source == AccountSource.FILE)
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
        gap=_gap(reading),
        questions=questions_about(read, choices) if isinstance(read, Table) and choices.asks else (),
        categories=find_categories(ledger_id, (row.entry for row in rows)),
    )
    counts = {kind: len(getattr(plan, kind)) for kind in KINDS}
    return replace(plan, counts=counts, totals=totals_of(row.entry for row in plan.new))


def _gap(reading: Reading) -> tuple[Decimal, str] | None:
    """The gap to the closing balance and its currency, "" if the file has several."""
    if reading.gap is None:
        return None
    currencies = {entry.currency for entry in reading.entries}
    return reading.gap, currencies.pop() if len(currencies) == 1 else ""


def _plan_summary(read: Table | Reading, problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Complete the problems for display: one with an empty cell shows the rest of its row instead."""
    if isinstance(read, Reading):
        return problems
    rows = dict(zip(read.lines, read.rows, strict=True))
    return tuple(
        each if each.text else replace(each, text=" · ".join(filter(None, rows[each.line]))) for each in problems
    )

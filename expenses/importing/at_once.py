"""Imports a whole file at once, as `manage.py import_statement` does, with the same steps as the pages."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import TypedDict

from classifier.categories import Kind
from expenses.importing.choices import Choices
from expenses.importing.drafts import read_draft, read_on, table_of_draft
from expenses.importing.edits import Edits
from expenses.importing.fingerprints import FileRow
from expenses.importing.kept_mappings import keep_mapping
from expenses.importing.kept_plan import EMPTY
from expenses.importing.mended_plan import MendedPlan
from expenses.importing.pieces import Pieces
from expenses.importing.plan import Plan
from expenses.importing.plan_steps import make_step
from expenses.importing.suggestions import file_entry, suggest_for_entries
from expenses.importing.workbooks import is_unread
from expenses.importing.writing import begin_import, continue_import
from expenses.models import Expense, ImportBatch, ImportState
from expenses.models.ledger import Ledger
from expenses.statements import needed_columns

# Called with how many rows are done, and of how many.
Progress = Callable[[int, int], None]
# Rows whose categories are suggested together.
_TOGETHER = 1_000


class FiledEntry(TypedDict):
    """A row of the file, as FinBrain would file it. category: None for what was moved."""

    date: str
    title: str
    note: str
    amount: str
    currency: str
    kind: str
    category: str | None
    status: str
    duplicate: bool
    account: str
    line: int


class ReportedProblem(TypedDict):
    """What can't be read. line, column: None if it is the whole file."""

    line: int | None
    column: str | None
    value: str
    reason: str


class Report(TypedDict):
    """An outcome in the shape that docs/files.md documents."""

    entries: list[FiledEntry]
    problems: list[ReportedProblem]
    asks: list[str]
    added: int
    format: str


@dataclass(frozen=True)
class Outcome:
    """What an import did, or would do in a dry run.

    batch: the import; it isn't stored if nothing was imported. asks: what is undecided, so that nothing was imported:
    names as in `Choices.asks`, or columns that the file seems to lack.
    """

    batch: ImportBatch
    plan: Plan
    asks: tuple[str, ...] = ()
    format: str = ""


def import_at_once(
    ledger: Ledger, name: str, data: bytes, answers: Collection[str], progress: Progress, *, dry_run: bool
) -> Outcome:
    """Import a file unless something is undecided or it is a dry run. Raises StatementError if it is unreadable.

    answers: such as `sign:other`, as the buttons of the preview send them. Those to questions that don't arise have no
    effect.
    """
    batch = read_draft(ledger, name, data)
    while is_unread(batch.content):
        batch = read_on(ledger, batch)
    choices = _answered(Choices.of(batch.choices), answers)
    batch.choices = choices.stored()
    pieces = Pieces(batch.content, choices.sheet)
    if missing := needed_columns(choices.mapping) if choices.mapping else ():
        return Outcome(batch, Plan(), tuple(f"{column.value} column" for column in missing), pieces.format)
    kept = EMPTY
    while not kept.done:
        kept = make_step(ledger.id, choices, pieces, kept)
    plan = kept.whole()
    asks = tuple(question.name for question in plan.questions)
    if plan.new and not (dry_run or asks):
        _write(ledger, batch, choices, MendedPlan(ledger, kept, Edits(), choices.account), progress)
    return Outcome(batch, plan, asks, pieces.format)


def _answered(choices: Choices, answers: Collection[str]) -> Choices:
    for answer in answers:
        name, _colon, which = answer.partition(":")
        choices = choices.answered(name, which)
    return choices


def _write(ledger: Ledger, batch: ImportBatch, choices: Choices, plan: MendedPlan, progress: Progress) -> None:
    """Store the new rows, which is what the page does if nobody changes a tick."""
    batch.save(force_insert=True)
    if table := table_of_draft(ledger, batch):
        keep_mapping(ledger, table, choices)
    begin_import(ledger, batch.pk, plan)
    batch.refresh_from_db()
    while batch.state == ImportState.RUNNING:
        progress(batch.position, batch.total)
        continue_import(ledger, batch)
        batch.refresh_from_db()
    progress(batch.position, batch.total)


def as_json(ledger: Ledger, outcome: Outcome, progress: Progress) -> Report:
    """Describe an outcome in the shape that docs/files.md documents."""
    problems: list[ReportedProblem] = [
        {"line": one.line, "column": one.column.value, "value": one.text, "reason": one.message}
        for one in outcome.plan.unreadable
    ]
    entries = list(_entries(ledger, outcome.plan, progress))
    return {
        "entries": entries,
        "problems": problems,
        "asks": [*outcome.asks],
        "added": outcome.batch.added,
        "format": outcome.format,
    }


def _entries(ledger: Ledger, plan: Plan, progress: Progress) -> Iterator[FiledEntry]:
    """All readable rows in the file's order, filed as FinBrain would file them."""
    alike = tuple(row for row, _like in plan.alike)
    duplicates = {row.number for row in (*alike, *plan.known)}
    rows = sorted((*plan.new, *plan.unbooked, *alike, *plan.known), key=lambda row: (row.entry.line, row.number))
    for start in range(0, len(rows), _TOGETHER):
        part = rows[start : start + _TOGETHER]
        for row, filing in zip(part, suggest_for_entries(ledger, [row.entry for row in part]), strict=True):
            filed = Expense()
            file_entry(filed, row.entry, filing)
            yield _entry(row, filed, is_duplicate=row.number in duplicates)
        progress(start + len(part), len(rows))


def _entry(row: FileRow, filed: Expense, *, is_duplicate: bool) -> FiledEntry:
    """A row as the list would show it: what was received is positive, and what was moved has no category."""
    entry = row.entry
    return {
        "date": entry.spent_on.isoformat(),
        "title": entry.title,
        "note": entry.note,
        "amount": f"{-entry.amount if filed.kind == Kind.RECEIVED else entry.amount:f}",
        "currency": entry.currency,
        "kind": str(Kind(filed.kind)),
        "category": None if filed.kind == Kind.MOVED else filed.category,
        "status": str(entry.status),
        "duplicate": is_duplicate,
        "account": entry.account,
        "line": entry.line,
    }

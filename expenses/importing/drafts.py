"""Drafts: uploaded files that the person is reviewing before the import."""

from dataclasses import replace
from datetime import timedelta
from pathlib import PurePath
from typing import Any

from bson import ObjectId
from django.utils import timezone

from expenses.importing.choices import Choices, StoredChoices
from expenses.importing.edits import Edits
from expenses.importing.import_metrics import IMPORTS
from expenses.importing.kept_mappings import DraftStart, header_key, start_of_draft
from expenses.importing.packing import pack_file, unpack_file
from expenses.importing.workbooks import UnreadDraft, read_next, unread_values
from expenses.models import ImportBatch
from expenses.models.documents import DraftTable
from expenses.models.imports import FILE_NAME_LENGTH
from expenses.models.ledger import Ledger
from expenses.statements import StatementError, read_file
from expenses.statements.long_files import LongFile
from expenses.statements.sheets import LongWorkbook
from expenses.statements.statement import Reading, Table
from finbrain.core.garbage import uncollected

_LIFE = timedelta(days=1)
MOST_DRAFTS = 5
# Characters of a column's name and of its example that are kept.
_NAME_LENGTH, _EXAMPLE_LENGTH = 60, 24
_FORMAT_BY_ENDING = {
    **dict.fromkeys(("csv", "txt", "tsv"), "csv"),
    **{name: name for name in ("xlsx", "xls", "ods", "json")},
    **dict.fromkeys(("ofx", "qfx"), "ofx"),
}


def make_draft(ledger: Ledger, name: str, data: bytes) -> ImportBatch:
    """Read a file and store its content as a draft. Raises StatementError if FinBrain can't read it."""
    batch = read_draft(ledger, name, data)
    batch.save(force_insert=True)
    _discard_older(ledger, batch.pk)
    return batch


@uncollected()
def read_draft(ledger: Ledger, name: str, data: bytes) -> ImportBatch:
    """Read a file into a draft, without saving it. Raises StatementError if FinBrain can't read the file."""
    kind = _format_of(name)
    try:
        read = read_file(data, name)
        values = unread_values(read) if isinstance(read, LongWorkbook) else _values_of(ledger, read, name)
    except StatementError:
        IMPORTS.labels(kind, "refused").inc()
        raise
    IMPORTS.labels(kind, "read").inc()
    file_until = timezone.now() + _LIFE
    return ImportBatch(
        ledger_id=ledger.id, file_name=name[-FILE_NAME_LENGTH:], format=kind, file_until=file_until, **values
    )


class _ReadDraft(UnreadDraft):
    """The fields of a draft that depend on what was read."""

    table: DraftTable | None
    choices: StoredChoices


def _values_of(ledger: Ledger, read: Table | Reading | LongFile, name: str) -> _ReadDraft:
    """The fields of a draft of what was read. Raises StatementError if that is too much."""
    content = pack_file(read)
    start = start_of_draft(ledger, read, name)
    table = _about_table(read, start) if isinstance(read, Table) else None
    return {"content": content, "plan_key": "", "table": table, "choices": start.choices.stored()}


@uncollected()
def read_on(ledger: Ledger, batch: ImportBatch) -> ImportBatch:
    """The draft of a long workbook after another step of reading. Raises StatementError if FinBrain can't read it."""
    found = read_next(batch.content)
    values = _values_of(ledger, found, batch.file_name) if isinstance(found, Table) else found
    mine = ImportBatch.objects.of(ledger).drafts().filter(pk=batch.pk, plan_key=batch.plan_key)
    mine.update(**values)  # unless another tab has read on
    for name, value in values.items():
        setattr(batch, name, value)
    return batch


def choose_sheet(ledger: Ledger, batch: ImportBatch, name: str, edits: Edits) -> None:
    """Read a draft from another sheet of its workbook. A name that it doesn't have changes nothing.

    edits: of the sheet before, which the draft keeps until it is chosen again.
    """
    read = unpack_file(batch.content)
    if not isinstance(read, Table) or name not in (names := [one.sheet for one in (read, *read.others)]):
        return
    start = start_of_draft(ledger, read.of_sheet(name), batch.file_name)
    table = {**_about_table(read.of_sheet(name), start), "sheets": names}
    sheets = edits.sheets | {batch.choices.get("sheet", ""): (batch.choices, replace(edits, sheets={}).stored())}
    choices, stored = sheets.pop(name, (start.choices.stored(), None))
    now = replace(Edits.of(stored), sheets=sheets)
    changed = {"table": table, "choices": choices, "edits": now.stored(), "plan": None, "plan_key": ""}
    ImportBatch.objects.of(ledger).drafts().filter(pk=batch.pk).update(**changed)


def _about_table(table: Table, start: DraftStart) -> DraftTable:
    examples = (next((row[at] for row in table.rows if row[at]), "") for at in range(len(table.header)))
    columns = [
        [name[:_NAME_LENGTH], example[:_EXAMPLE_LENGTH]] for name, example in zip(table.header, examples, strict=True)
    ]
    return {
        "header": header_key(table),
        "columns": columns,
        "shape": [start.shape.base, start.shape.sign] if start.shape else ["", ""],
        "guessed": start.guessed,
        "labels": [*start.labels],
        "year": table.year,
        "sheets": [one.sheet for one in (table, *table.others)] if table.others else [],
    }


def table_of_draft(ledger: Ledger, batch: ImportBatch) -> DraftTable | None:
    """What a draft keeps of its table; None if it is no table. Drafts of earlier releases don't have it stored."""
    if batch.table or not batch.choices.get("mapping"):
        return batch.table or None
    read = unpack_file(batch.content)
    return _about_table(read, start_of_draft(ledger, read, batch.file_name)) if isinstance(read, Table) else None


def _format_of(name: str) -> str:
    """The format by the file name's extension, for metrics only."""
    return _FORMAT_BY_ENDING.get(PurePath(name).suffix.lower().removeprefix("."), "other")


def _discard_older(ledger: Ledger, latest: ObjectId) -> None:
    """Delete all but the newest drafts. `latest` always stays, because ids give times only to the second."""
    others = ImportBatch.objects.of(ledger).drafts().exclude(pk=latest).order_by("-id").values_list("pk", flat=True)
    ImportBatch.objects.of(ledger).drafts().filter(pk__in=list(others[MOST_DRAFTS - 1 :])).delete()


def update_choices(ledger: Ledger, batch: ImportBatch, choices: Choices) -> None:
    """Store how to read the draft. Another mapping gives other rows, so it discards the edits."""
    changed: dict[str, Any] = {"choices": choices.stored()}
    if choices.mapping != Choices.of(batch.choices).mapping:
        changed["edits"] = None
    ImportBatch.objects.of(ledger).drafts().filter(pk=batch.pk).update(**changed)
    for name, value in changed.items():
        setattr(batch, name, value)


def update_edits(ledger: Ledger, batch_id: ObjectId, edits: Edits) -> None:
    """Store the ticks and the mended rows of the draft."""
    ImportBatch.objects.of(ledger).drafts().filter(pk=batch_id).update(edits=edits.stored())


def discard_draft(ledger: Ledger, batch_id: ObjectId) -> bool:
    """Discard a draft. Returns False, and keeps it, if its import has already begun."""
    return bool(ImportBatch.objects.of(ledger).drafts().filter(pk=batch_id).delete()[0])

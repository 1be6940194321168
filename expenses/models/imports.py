"""Imports of statements, and the fingerprints that keep an entry from being imported twice."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Self, TypedDict

from bson import ObjectId
from django.db import models
from django.utils import timezone
from django_mongodb_backend.fields import ObjectIdField

from finbrain.core.managers import manager_of
from finbrain.core.of_ledger import LedgerQuerySet
from finbrain.core.past_the_orm import LEDGER

FILE_NAME_LENGTH = 120
_DAY = "%Y-%m-%d"
_FILES_INDEXED_SINCE = datetime(2000, 1, 1, tzinfo=UTC)


class ImportState(models.TextChoices):
    """The stages of an import."""

    DRAFT = "draft"
    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class Absence(TypedDict):
    """From when to when the expenses of an import were in the trash together: times in UTC, as text that sorts."""

    undone: str
    restored: str


class Restoring(TypedDict):
    """How far an undone import is restored.

    after: day and id of the last expense that was checked, as `restoring_after` writes them; "" if none was. seen: how
    many were, of the `total`. restored: how many were restored; the others had been imported again.
    """

    after: str
    seen: int
    restored: int
    total: int


def restoring_after(day: datetime, expense_id: ObjectId) -> str:
    """Write the place after an expense, in the order of days."""
    return f"{day:{_DAY}} {expense_id}"


def day_and_id(after: str) -> tuple[datetime, ObjectId]:
    """Read what `restoring_after` wrote. ValueError if it is something else."""
    day, _, expense_id = after.partition(" ")
    if not ObjectId.is_valid(expense_id):
        raise ValueError(after)
    return datetime.strptime(day, _DAY), ObjectId(expense_id)


class ImportBatchQuerySet(LedgerQuerySet["ImportBatch"]):
    """The queries on imports that pages need, and the changes of state. Repeating a change has no effect."""

    def drafts(self) -> Self:
        """Return the drafts: imports that haven't been started."""
        return self.filter(state=ImportState.DRAFT)

    def without_files(self) -> Self:
        """Leave out the fields with the content of the file."""
        return self.defer("content", "table", "plan", "preview", "edits")

    def begin(self, **fixed: Any) -> bool:
        """Set drafts to running and store `fixed`, with the plan to write. Return False if no draft was left."""
        return bool(self.drafts().update(state=ImportState.RUNNING, plan=None, preview=None, table=None, **fixed))

    def start_undo(self, now: datetime) -> None:
        """Set running and done imports to being undone since `now`, and drop the entries they still had to write."""
        begun = self.filter(state__in=(ImportState.RUNNING, ImportState.DONE))
        begun.update(
            state=ImportState.UNDOING, content=None, edits=None, file_until=None, undone_at=now, restoring=None
        )

    def end_undo(self) -> bool:
        """Set imports from being undone to undone. Return False if another process already did."""
        return bool(self.filter(state=ImportState.UNDOING).update(state=ImportState.UNDONE))

    def end_restore(self, undone_at: datetime, left: int) -> None:
        """End restoring. If nothing is left in the trash, forget that the imports were undone at this time."""
        restored = self.filter(undone_at=undone_at)
        restored.update(restoring=None)
        if not left:
            restored.filter(state=ImportState.DONE).update(undone_at=None)

    def drop_files(self, until: datetime) -> int:
        """Delete the drafts and end the imports that expired before `until`. Return how many there were."""
        old = self.filter(file_until__gt=_FILES_INDEXED_SINCE, file_until__lt=until)
        ended = {"state": ImportState.DONE, "content": None, "edits": None, "file_until": None}
        return old.drafts().delete()[0] + old.filter(state=ImportState.RUNNING).update(**ended)


class ImportBatch(models.Model):
    """The import of one file.

    content: a long workbook that isn't all read (`importing.workbooks`), the table or entries of a draft, packed by
    `importing.packing`, later the plan to write, or entries in an import that an earlier release began; None when
    the import is done. file_until: when the clean-up deletes the content. choices: the settings for reading a
    draft, as its preview shows them. table: of a draft that is a table, a `DraftTable`. plan: what the
    import would do with each row of a draft, or as many of its pieces as were planned, see `importing.kept_plan`.
    preview: only of earlier releases. plan_key: what the plan is valid for; of an unread workbook, how many windows
    were read. edits: ticks and mended rows until the import is done, see `importing.edits`. position: how many of
    the `total` entries were processed: `added`, or `known` because an earlier import has them. left_out: how many
    entries the person left out, in imports of earlier releases including `money_in`, those that received money.
    unreadable: how many rows couldn't be read. first_day, last_day: of the expenses written. undone_at: when
    undoing began; the expenses are in the trash with this time, which identifies them when they are restored
    together. None once all are restored. restoring: how far restoring is, None if it isn't running, see
    `Restoring`. absences: from when to when its expenses were in the trash like this, the latest ones, see `Absence`.
    """

    ledger_id = ObjectIdField(db_column=LEDGER, editable=False)
    file_name = models.CharField(max_length=FILE_NAME_LENGTH)
    format = models.CharField(max_length=8)
    state = models.CharField(max_length=8, choices=ImportState.choices, default=ImportState.DRAFT)
    content = models.BinaryField(null=True, blank=True)
    file_until = models.DateTimeField(null=True, blank=True)
    choices = models.JSONField(default=dict)
    table = models.JSONField(null=True, blank=True)
    plan = models.BinaryField(null=True, blank=True)
    preview = models.BinaryField(null=True, blank=True)
    plan_key = models.CharField(max_length=32, default="", blank=True)
    edits = models.JSONField(null=True, blank=True)
    total = models.IntegerField(default=0)
    position = models.IntegerField(default=0)
    added = models.IntegerField(default=0)
    known = models.IntegerField(default=0)
    left_out = models.IntegerField(default=0)
    money_in = models.IntegerField(default=0)
    unreadable = models.IntegerField(default=0)
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    restoring = models.JSONField(null=True, blank=True)
    absences = models.JSONField(default=list, editable=False)
    created_at = models.DateTimeField(default=timezone.now)

    objects = manager_of(ImportBatchQuerySet)

    class Meta:
        indexes = [
            models.Index(fields=["ledger_id", "-id"], name="import_by_time"),
            # The clean-up searches all ledgers at once. The index holds only imports with a file, so it stays small.
            models.Index(
                fields=["file_until"],
                name="import_file_by_age",
                condition=models.Q(file_until__gt=_FILES_INDEXED_SINCE),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_unfinished(self) -> bool:
        """Whether the import, its undoing or its restoring was begun and not ended."""
        return self.state in (ImportState.RUNNING, ImportState.UNDOING) or bool(self.restore_place)

    @property
    def can_undo(self) -> bool:
        return self.state in (ImportState.RUNNING, ImportState.DONE) and not self.restore_place

    @property
    def restore_place(self) -> Restoring | None:
        """How far restoring is, None if it wasn't begun or its place is damaged.

        Without a place, restoring begins again and restores nothing twice. The last release stored only an id: what it
        restored counts as seen, and the rest is checked from the first day on.
        """
        match self.restoring:
            case {"after": str(after), "seen": int(), "restored": int(restored), "total": int(total)}:
                if ObjectId.is_valid(after):
                    return {"after": "", "seen": restored, "restored": restored, "total": total}
                with suppress(ValueError):
                    day_and_id(after)
                    return self.restoring
        return None

    @property
    def missed(self) -> int:
        """How many entries were never written because the import timed out."""
        return self.total - self.position if self.state == ImportState.DONE else 0


class Fingerprint(models.Model):
    """An imported movement of money. It outlives its expense, so that a deleted expense isn't imported again.

    fingerprint: a keyed hash, see `importing.fingerprints`. batch: the import; undoing it deletes the fingerprint.
    """

    ledger_id = ObjectIdField(db_column=LEDGER, editable=False)
    fingerprint = models.CharField(max_length=32)
    batch = ObjectIdField()
    objects = manager_of(LedgerQuerySet["Fingerprint"])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ledger_id", "fingerprint"], name="one_fingerprint_per_movement")
        ]
        indexes = [models.Index(fields=["ledger_id", "batch"], name="fingerprint_by_batch")]

    def __str__(self) -> str:
        return self.fingerprint


class ColumnMappingQuerySet(LedgerQuerySet["ColumnMapping"]):
    """The queries on kept mappings."""

    def keep(self, ledger_id: ObjectId, header: str, choices: Mapping[str, Any]) -> None:
        """Store the choices for a header. They replace those stored before."""
        self.update_or_create(ledger_id=ledger_id, header=header, defaults={"choices": choices})


class ColumnMapping(models.Model):
    """The settings for reading tables of a certain shape. The next file with this shape starts with them.

    header: a hash of the shape, see `importing.kept_mappings`; earlier releases stored one of the header's cells.
    choices: as in `ImportBatch`.
    """

    ledger_id = ObjectIdField(db_column=LEDGER, editable=False)
    header = models.CharField(max_length=32)
    choices = models.JSONField()
    objects = manager_of(ColumnMappingQuerySet)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ledger_id", "header"], name="one_mapping_per_header")]

    def __str__(self) -> str:
        return self.header

"""Statements that a person brought in, and what is remembered so that nothing comes in twice."""

from datetime import UTC, datetime
from typing import Any, Self

from django.db import models
from django.utils import timezone
from django_mongodb_backend.fields import ObjectIdField

from expenses.models.ledger import Ledger
from finbrain.core.collections import LEDGER
from finbrain.core.managers import manager_of

FILE_NAME_LENGTH = 120
_FILES_INDEXED_SINCE = datetime(2000, 1, 1, tzinfo=UTC)


class ImportState(models.TextChoices):
    """How far an import has come."""

    DRAFT = "draft"
    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    """Imports by what pages ask, and every change of their state: each happens once, whoever asks twice."""

    def of(self, ledger: Ledger) -> Self:
        """A ledger's."""
        return self.filter(ledger_id=ledger.id)

    def drafts(self) -> Self:
        """Those that nobody has begun to import."""
        return self.filter(state=ImportState.DRAFT)

    def begin(self, **fixed: Any) -> bool:
        """Draft -> running, with what is to be written; False when it is no draft any more."""
        return bool(self.drafts().update(state=ImportState.RUNNING, **fixed))

    def start_undo(self, now: datetime) -> None:
        """Running or done -> being undone since `now`; what it still had to write is dropped."""
        begun = self.filter(state__in=(ImportState.RUNNING, ImportState.DONE))
        begun.update(state=ImportState.UNDOING, content=None, file_until=None, undone_at=now)

    def end_undo(self) -> bool:
        """Being undone -> undone; False when another process said so."""
        return bool(self.filter(state=ImportState.UNDOING).update(state=ImportState.UNDONE))

    def drop_files(self, until: datetime) -> int:
        """Of what nobody continued until then, delete the drafts and end the imports; returns how many."""
        old = self.filter(file_until__gt=_FILES_INDEXED_SINCE, file_until__lt=until)
        ended = {"state": ImportState.DONE, "content": None, "file_until": None}
        return old.drafts().delete()[0] + old.filter(state=ImportState.RUNNING).update(**ended)


class ImportBatch(models.Model):
    """One file.

    content: a draft's table or entries, later the entries that are still to be written, as `importing.packing` packs
    them; gone when it is done. file_until: when the clean-up throws it away. choices: how a draft is to be read, as
    its preview shows it. position: how many of the `total` entries have been dealt with: `added`, or `known` from
    before. left_out: what the person did not want, of it money_in: what came in; unreadable: rows. The days are those
    of what is written. undone_at: since then its expenses go to the trash, with that time, by which they come back
    together.
    """

    ledger_id = ObjectIdField(db_column=LEDGER, editable=False)
    file_name = models.CharField(max_length=FILE_NAME_LENGTH)
    format = models.CharField(max_length=8)
    state = models.CharField(max_length=8, choices=ImportState.choices, default=ImportState.DRAFT)
    content = models.BinaryField(null=True, blank=True)
    file_until = models.DateTimeField(null=True, blank=True)
    choices = models.JSONField(default=dict)
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
    created_at = models.DateTimeField(default=timezone.now)

    objects = manager_of(ImportBatchQuerySet)

    class Meta:
        indexes = [
            models.Index(fields=["ledger_id", "-id"], name="import_by_time"),
            # For the clean-up, the one search without a ledger. It holds nothing but files.
            models.Index(
                fields=["file_until"],
                name="import_file_by_age",
                condition=models.Q(file_until__gt=_FILES_INDEXED_SINCE),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def missed(self) -> int:
        """How many entries were never reached, because nobody went on in time."""
        return self.total - self.position if self.state == ImportState.DONE else 0


class Fingerprint(models.Model):
    """One movement of money that came in by an import. It outlives its expense: what was deleted by hand stays deleted.

    fingerprint: a keyed hash, see `importing.fingerprints`. batch: the import, whose undoing forgets it.
    """

    ledger_id = ObjectIdField(db_column=LEDGER, editable=False)
    fingerprint = models.CharField(max_length=32)
    batch = ObjectIdField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ledger_id", "fingerprint"], name="one_fingerprint_per_movement")
        ]
        indexes = [models.Index(fields=["ledger_id", "batch"], name="fingerprint_by_batch")]

    def __str__(self) -> str:
        return self.fingerprint


class ColumnMapping(models.Model):
    """How the person had a table with this header read: the next one like it starts with that.

    header: a hash of the header's cells. choices: as in ImportBatch.
    """

    ledger_id = ObjectIdField(db_column=LEDGER, editable=False)
    header = models.CharField(max_length=32)
    choices = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ledger_id", "header"], name="one_mapping_per_header")]

    def __str__(self) -> str:
        return self.header

"""The categories that a change replaced, kept so that the change can be undone."""

from bson import ObjectId
from django.db import models
from django.utils import timezone
from django_mongodb_backend.fields import ObjectIdField

from finbrain.core.managers import manager_of
from finbrain.core.of_ledger import LedgerQuerySet
from finbrain.core.past_the_orm import LEDGER


class CategoryChange(models.Model):
    """Expenses that were filed together. A large change is stored as several rows with the same batch.

    before: a list per expense: its id, its earlier values of `filing_decisions.STATE`, whether it left a pair, and
    whether its amount changed its sign. Earlier releases stored no pair, no kind and no change of sign. category: the
    new category that a person chose, "" if FinBrain filed these expenses again. learned: what memory and feedback were
    before, see `ledger.set_categories` and `ledger.undoing`; None in changes of an earlier release.
    """

    ledger_id = ObjectIdField(db_column=LEDGER, editable=False)
    batch = models.CharField(max_length=24)
    category = models.CharField(max_length=32)
    before = models.JSONField()
    learned = models.JSONField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    objects = manager_of(LedgerQuerySet["CategoryChange"])

    class Meta:
        indexes = [models.Index(fields=["ledger_id", "batch"], name="change_by_batch")]

    def __str__(self) -> str:
        return f"{len(self.before)} → {self.category}"


def new_change_batch() -> str:
    """Return a new, unique identifier for a change."""
    return str(ObjectId())

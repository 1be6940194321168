"""What a change of categories replaced, so that it can be taken back."""

from bson import ObjectId
from django.db import models
from django.utils import timezone
from django_mongodb_backend.fields import ObjectIdField

from finbrain.core.collections import LEDGER


class CategoryChange(models.Model):
    """Expenses whose category a person set in one go; a change of hundreds has several rows of one batch.

    before: one list per expense: id, then the values of services.CATEGORY_STATE as they were. category: what was set.
    """

    ledger_id = ObjectIdField(db_column=LEDGER, editable=False)
    batch = models.CharField(max_length=24)
    category = models.CharField(max_length=32)
    before = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["ledger_id", "batch"], name="change_by_batch")]

    def __str__(self) -> str:
        return f"{len(self.before)} → {self.category}"


def new_change_batch() -> str:
    """The identifier of a change."""
    return str(ObjectId())

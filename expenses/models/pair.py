"""The two halves of a movement between own accounts, which two imports brought."""

from django.db import models
from django_mongodb_backend.fields import ObjectIdField

from finbrain.core.managers import manager_of
from finbrain.core.of_ledger import LedgerQuerySet
from finbrain.core.past_the_orm import LEDGER


class Pair(models.Model):
    """A movement between own accounts. Both entries have its id in their column `pair`.

    out_entry, in_entry: the ids of the half that left an account and of the one that came in. before: how the two were
    filed before, in this order, as values of `filing_decisions.STATE`. confidence: 0 to 1. key: a keyed hash
    of both movements, from `ledger.pair_matching`. rejected: whether a person said that they don't belong together.
    FinBrain never pairs two movements with a rejected key again, even after another import of the same files.
    """

    ledger_id = ObjectIdField(db_column=LEDGER, editable=False)
    out_entry = ObjectIdField()
    in_entry = ObjectIdField()
    before = models.JSONField(default=list)
    confidence = models.FloatField()
    key = models.CharField(max_length=32)
    rejected = models.BooleanField(default=False)
    objects = manager_of(LedgerQuerySet["Pair"])

    class Meta:
        indexes = [models.Index(fields=["ledger_id", "key"], name="pair_by_key")]

    def __str__(self) -> str:
        return str(self.pk)

"""The entries that a rule filed in the past, kept so that it can be undone."""

from django.db import models
from django.utils import timezone
from django_mongodb_backend.fields import ObjectIdField

from finbrain.core.managers import manager_of
from finbrain.core.of_ledger import LedgerQuerySet
from finbrain.core.past_the_orm import LEDGER


class RuleChange(models.Model):
    """Entries that a rule filed together. A large change is stored as several rows with the same batch.

    files: whether the rule decided their category or kind. before: a list per entry: its id, its earlier values of
    `by_rule._REPLACED`, whether it left a pair, and whether its amount changed its sign.
    """

    ledger_id = ObjectIdField(db_column=LEDGER, editable=False)
    batch = models.CharField(max_length=24)
    rule = models.CharField(max_length=24)
    files = models.BooleanField(default=True)
    before = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now)
    objects = manager_of(LedgerQuerySet["RuleChange"])

    class Meta:
        indexes = [models.Index(fields=["ledger_id", "batch"], name="rule_change_by_batch")]

    def __str__(self) -> str:
        return f"{len(self.before)} by {self.rule}"

"""The version of each month of a ledger."""

from datetime import date

from bson import ObjectId
from django.db import models

from expenses.months import month_text


class MonthVersion(models.Model):
    """A new id for each write to a month of a ledger. The write replaces it in the same transaction.

    Cached sums have the token in their key, so they are never older than the last committed write. changes: which days
    the last writes were about, see `ledger.touch`.
    """

    key = models.CharField(primary_key=True, max_length=40, db_column="_id")
    token = models.CharField(max_length=24)
    changes = models.JSONField(default=list, editable=False)

    def __str__(self) -> str:
        return self.key


def month_key(ledger_id: ObjectId, month: date) -> str:
    """Return the primary key of a ledger's month. It begins with the ledger, as every index does: the shard key."""
    return f"{ledger_id}:{month_text(month)}"

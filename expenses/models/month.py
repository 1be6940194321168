"""Which state a person's month is in."""

from datetime import date

from bson import ObjectId
from django.db import models

from expenses.months import month_text


class MonthVersion(models.Model):
    """A random token per ledger and month, replaced in the same transaction as every write that touches the month.

    Cached sums carry the token in their key, so that no sum is ever older than a committed write.
    """

    key = models.CharField(primary_key=True, max_length=40, db_column="_id")
    token = models.CharField(max_length=24)

    def __str__(self) -> str:
        return self.key


def month_key(ledger_id: ObjectId, month: date) -> str:
    """The primary key of a ledger's month: the ledger first, as in every index, for that is what is sharded by."""
    return f"{ledger_id}:{month_text(month)}"

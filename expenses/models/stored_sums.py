"""The sums of a month, stored so that they needn't be added up again when the cache has lost them."""

from django.db import models


class StoredSums(models.Model):
    """What a month of a ledger added up to (`sums.stored_months`).

    key: `month_key` and the currency to show. made_for: the month's token and what else the sums depend on. If that has
    changed, the sums aren't used. sums: JSON with a seal.
    """

    key = models.CharField(primary_key=True, max_length=40, db_column="_id")
    made_for = models.CharField(max_length=200)
    sums = models.BinaryField()

    def __str__(self) -> str:
        return self.key

"""The base of QuerySets of models whose rows belong to a ledger."""

from typing import Protocol, Self, TypeVar

from bson import ObjectId
from django.db import models

M = TypeVar("M", bound=models.Model, covariant=True)


class HasId(Protocol):
    """A ledger."""

    @property
    def id(self) -> ObjectId: ...


class LedgerQuerySet(models.QuerySet[M]):
    """Rows of models that have a column `ledger_id`."""

    def of(self, ledger: HasId | ObjectId) -> Self:
        """Return the rows of a ledger, or of the ledger with this id."""
        return self.filter(ledger_id=ledger if isinstance(ledger, ObjectId) else ledger.id)

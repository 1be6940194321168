"""Delete a whole ledger permanently."""

import re
from collections.abc import Iterator

import pymongo
from bson import ObjectId
from django.apps import apps
from django.db.models import Model

from classifier import memory
from expenses.models import MonthVersion, StoredSums
from finbrain.core.past_the_orm import collection, column_of

# A ledger may hold fifty thousand expenses, too many for the time limit of a page.
_DELETE_SECONDS = 60


def ledger_models() -> Iterator[type[Model]]:
    """Yield every model of FinBrain that has a column `ledger_id`."""
    for model in apps.get_models():
        if any(field.name == "ledger_id" for field in model._meta.fields):
            yield model


def delete_ledger(ledger_id: ObjectId) -> None:
    """Delete everything that belongs to the ledger, in all apps. Safe to repeat."""
    with pymongo.timeout(_DELETE_SECONDS):
        memory.forget_ledger(ledger_id)
        for model in ledger_models():
            collection(model).delete_many({column_of(model, "ledger_id"): ledger_id})
        for model in (MonthVersion, StoredSums):
            collection(model).delete_many({"_id": re.compile(f"^{ledger_id}:")})

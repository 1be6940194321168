"""A stored value is read as its field can hold it, with and without the ORM."""

from datetime import datetime

import pytest
from bson import Decimal128, ObjectId

from accounts.models import User
from classifier.models import Memory
from expenses.models import Expense, ImportBatch, Rate
from expenses.tests.making import make_expense
from finbrain.core.past_the_orm import collection
from finbrain.core.stored import NO_TIME, mend_value, reader

KEY = ObjectId()


@pytest.mark.parametrize(
    ("model", "name", "value", "read"),
    [
        (Expense, "title", "Tea", "Tea"),
        (Expense, "title", None, ""),
        (Expense, "title", ["Tea"], ""),
        (Expense, "amount", Decimal128("-12.50"), Decimal128("-12.50")),
        (Expense, "amount", 12, Decimal128("12")),
        (Expense, "amount", "12", Decimal128("0")),
        (Expense, "amount", True, Decimal128("0")),
        (Expense, "amount", Decimal128("NaN"), Decimal128("0")),
        (Expense, "amount", Decimal128("1E+6000"), Decimal128("0")),
        (Expense, "own_rate", "3.5", None),
        (Expense, "spent_on", datetime(2026, 8, 20), datetime(2026, 8, 20)),
        (Expense, "spent_on", "2026-08-20", NO_TIME),
        (Expense, "spent_on", datetime(1, 1, 1), NO_TIME),
        (Expense, "deleted_at", 7, None),
        (Expense, "confidence", float("nan"), None),
        (Expense, "confidence", 1, 1),
        (Expense, "import_batch", KEY, KEY),
        (Expense, "import_batch", "no key", None),
        (ImportBatch, "total", "7", 0),
        (ImportBatch, "choices", ["x"], {}),
        (ImportBatch, "content", "x", None),
        (Memory, "counts", None, {}),
        (Rate, "source", 7, ""),
        (User, "auto_file_threshold", "high", 0.7),
        (User, "is_active", None, True),
        (User, "is_active", "yes", False),
        (User, "is_superuser", 1, False),
    ],
)
def test_a_value_that_a_field_cannot_hold_is_empty(model, name, value, read):
    assert mend_value(model._meta.get_field(name), value) == read


def test_a_reader_fills_in_the_columns_it_is_asked_for():
    read = reader(Expense, ("title", "currency", "deleted_at", "_id"))
    assert read({"_id": KEY, "title": 5, "note": 5}) == {
        "_id": KEY,
        "title": "",
        "currency": "",
        "deleted_at": None,
        "note": 5,
    }


def test_the_orm_reads_in_the_same_way(alice):
    key = make_expense(alice).pk
    collection(Expense).update_one(
        {"_id": key},
        {"$set": {"amount": "12", "spent_on": 7, "confidence": "high"}, "$unset": {"note": "", "title": ""}},
    )
    found = Expense.objects.get(pk=key)
    assert (found.amount, found.spent_on, found.confidence) == (0, NO_TIME.date(), None)
    assert (found.note, found.title, found.currency) == ("", "", "ILS")
    assert Expense.objects.filter(pk=key).values_list("title", "amount").get() == ("", 0)

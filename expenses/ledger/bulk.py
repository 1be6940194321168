"""Store many new expenses at once. Without the ORM, because it takes longer than the database."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, cast

from bson import Decimal128, Int64, ObjectId
from django.db.models import Field

from expenses.ledger.teaching import Lesson, teach
from expenses.ledger.touch import touch_months
from expenses.models import Expense
from expenses.models.documents import ExpenseDocument
from expenses.recurring.attaching import attach_documents
from finbrain.core.dates import midnight
from finbrain.core.past_the_orm import collection, current_session

# By the type of a value, what MongoDB stores. All others are stored as they are.
_STORED: dict[type, Callable[[Any], Any]] = {Decimal: Decimal128, int: Int64, date: midnight}


def document_of(expense: Expense) -> ExpenseDocument:
    """Return a new expense, which has its id, as the ORM would store it."""
    values = vars(expense)
    plain, computed = _columns()
    document = {column: values[name] for column, name in plain}
    document |= {column: field.pre_save(expense, True) for column, field in computed}
    return cast(ExpenseDocument, {column: _stored(value) for column, value in document.items()})


@lru_cache(maxsize=1)
def _columns() -> tuple[list[tuple[str, str]], list[tuple[str, Field]]]:
    """The columns with the attributes that they hold, and those that hold what their field computes."""
    fields = [(field.column, field) for field in Expense._meta.concrete_fields if field.column]
    plain = [(column, field.attname) for column, field in fields if type(field).pre_save is Field.pre_save]
    return plain, [(column, field) for column, field in fields if type(field).pre_save is not Field.pre_save]


def _stored(value: Any) -> Any:
    if store := _STORED.get(type(value)):
        return store(value)
    return str(value) if isinstance(value, str) else value  # of a choice, its value


def store_documents(ledger_id: ObjectId, documents: Sequence[ExpenseDocument]) -> None:
    """Store new expenses of one ledger, made by `document_of`. Call it inside a transaction."""
    if not documents:
        return
    collection(Expense, ExpenseDocument).insert_many(documents, ordered=False, session=current_session())
    touch_months(ledger_id, [row["spent_on"].date() for row in documents])
    attach_documents(ledger_id, documents)
    reviewed = (row for row in documents if row["reviewed"])
    teach(ledger_id, [Lesson(row["title"], row["category"], row["amount"].to_decimal()) for row in reviewed])

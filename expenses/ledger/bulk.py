"""Store many new expenses at once. Without the ORM, because it takes longer than the database."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bson import Decimal128, Int64, ObjectId

from expenses.ledger.teaching import Lesson, teach
from expenses.ledger.touch import touch_months
from expenses.models import Expense
from expenses.models.documents import NewDocument
from expenses.recurring.attaching import attach_documents
from finbrain.core.dates import midnight
from finbrain.core.past_the_orm import collection, current_session


def document_of(expense: Expense) -> NewDocument:
    """Return a new expense, which has its id, as the ORM would store it."""
    fields = Expense._meta.concrete_fields
    return {field.column: _stored(field.pre_save(expense, True)) for field in fields if field.column}


def _stored(value: Any) -> Any:
    match value:
        case str():
            return str(value)  # of a choice, its value
        case Decimal():
            return Decimal128(value)
        case bool() | datetime():
            return value
        case int():
            return Int64(value)
        case date():
            return midnight(value)
    return value


def store_documents(ledger_id: ObjectId, documents: Sequence[NewDocument]) -> None:
    """Store new expenses of one ledger, made by `document_of`. Call it inside a transaction."""
    if not documents:
        return
    collection(Expense).insert_many(documents, ordered=False, session=current_session())
    touch_months(ledger_id, [row["spent_on"].date() for row in documents])
    attach_documents(ledger_id, documents)
    reviewed = (row for row in documents if row["reviewed"])
    teach(ledger_id, [Lesson(row["title"], row["category"], row["amount"].to_decimal()) for row in reviewed])

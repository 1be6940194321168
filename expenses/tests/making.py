"""Expenses for tests, stored without the classifier."""

from datetime import date
from decimal import Decimal

from bson import ObjectId

from accounts.models import User
from classifier.categories import kind_of
from expenses import rates
from expenses.ledger.touch import touch_months
from expenses.models import Expense
from expenses.models.expense import new_entry_key
from finbrain.core.past_the_orm import LEDGER, collection

DAY = date(2026, 8, 20)


def make_expense(owner: User, title: str = "Taxi home", amount: str = "58", **values: object) -> Expense:
    """Store an expense: by default in shekels, on DAY, confirmed under Transportation."""
    [made] = make_expenses(owner, [{"title": title, "amount": amount, **values}])
    return made


def make_expenses(owner: User, rows: list[dict[str, object]]) -> list[Expense]:
    """Store several expenses at once. `unsure=.4` makes one that needs review, with that confidence."""
    expenses = [build(owner, **row) for row in rows]
    Expense.objects.bulk_create(expenses)
    touch_months(owner.pk, [expense.spent_on for expense in expenses])
    return expenses


def multiply_expenses(owner: User, times: int) -> None:
    """Store each of the owner's expenses so many times in all: tens of thousands in seconds, before a page is asked."""
    rows = list(collection(Expense).find({LEDGER: owner.pk}))
    for _ in range(times - 1):
        collection(Expense).insert_many([row | {"_id": ObjectId(), "entry_key": new_entry_key()} for row in rows])


def build(owner: User, unsure: float | None = None, **values: object) -> Expense:
    others = [slug for slug in ("other", "food-drinks", "leisure-gifts") if slug != values.get("category")][:2]
    waits = {"reviewed": False, "category_source": "model", "confidence": unsure, "alternatives": ",".join(others)}
    filled = {
        "currency": "ILS",
        "spent_on": DAY,
        "category": "transportation",
        "reviewed": True,
        "category_source": "person",
        "kind": kind_of(str(values.get("category", "transportation"))),
        **(waits if unsure is not None else {}),
        **values,
        "amount": Decimal(str(values["amount"])),
    }
    value = rates.order_value(filled["amount"], filled["currency"], filled["spent_on"])
    return Expense(ledger_id=owner.pk, order_value=value, **filled)

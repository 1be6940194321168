"""Finds the expenses of an undone import that were imported again.

The same day, amount and currency are enough, because the file may have been read in another way, unless both name an
account and these differ. Expenses with the same title and account are matched first.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from bson import ObjectId

from expenses.models.documents import ExpenseDocument

MATCHED_BY = ("amount", "currency", "spent_on", "account", "title_key")
_Movement = tuple[Decimal, str, datetime]


def find_added_again(rows: Sequence[ExpenseDocument], others: Iterable[ExpenseDocument]) -> set[ObjectId]:
    """The ids of the `rows` that `others` replace, each of them one. Both have MATCHED_BY."""
    equal = Counter((_movement_of(each), each["account"], each["title_key"]) for each in others)
    again = set()
    for row in rows:
        key = _movement_of(row), row["account"], row["title_key"]
        if equal[key]:
            equal[key] -= 1
            again.add(row["_id"])
    left: dict[_Movement, Counter[str]] = defaultdict(Counter)
    for (movement, account, _), count in equal.items():
        left[movement][account] += count
    for row in rows:
        if row["_id"] not in again and _use_one(left[_movement_of(row)], row["account"]):
            again.add(row["_id"])
    return again


def _use_one(left: Counter[str], account: str) -> bool:
    """Use up one of the expenses that are left of each account, its own first. False if none can be the same."""
    possible = (account, "") if account else ("", *left)
    fitting = next((one for one in possible if left[one]), None)
    if fitting is None:
        return False
    left[fitting] -= 1
    return True


def _movement_of(row: ExpenseDocument) -> _Movement:
    return row["amount"].to_decimal(), row["currency"], row["spent_on"]

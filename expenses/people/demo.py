"""Private demo accounts, which people can keep as real accounts; otherwise deleted after a day without use."""

from datetime import datetime

from bson import ObjectId
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from classifier.suggest import Suggestion, suggest_many
from expenses.ledger.entries import NewExpense, build_expense, store_together
from expenses.models import Expense
from expenses.people.deletion import delete_people
from expenses.people.demo_story import DemoExpense, demo_expenses
from finbrain.core.transactions import run_in_transaction

_HOME_CURRENCY = "ILS"


class NoDemoFreeError(RuntimeError):
    """Raised when as many demos exist as DEMO_CEILING allows."""


def count_demos() -> int:
    return User.objects.filter(demo_expires_at__isnull=False).count()


def start_demo(week_start: str = "") -> User:
    """Create a demo account with expenses up to today, in one transaction.

    Raises NoDemoFreeError if there are too many. Simultaneous visitors may exceed the ceiling by as many as they are.
    """
    if count_demos() >= settings.DEMO_CEILING:
        raise NoDemoFreeError
    user = User(
        email=f"demo-{ObjectId()}@demo.invalid",
        first_name="Demo",
        home_currency=_HOME_CURRENCY,
        week_start=week_start,
        demo_expires_at=timezone.now() + User.DEMO_LIFE,
    )
    user.set_unusable_password()
    ledger_id = user.pk
    expenses = _file_all(ledger_id, demo_expenses(timezone.localdate()))

    def write() -> None:
        user.save(force_insert=True)
        store_together(expenses)

    run_in_transaction(write)
    return user


def _file_all(ledger_id: ObjectId, made_up: list[DemoExpense]) -> list[Expense]:
    """Build the expenses. Those without a category are filed by the model that serves everybody."""
    unfiled = [expense.title for expense in made_up if not expense.category]
    suggestions: dict[str, Suggestion | None] = dict(zip(unfiled, suggest_many(unfiled), strict=True))
    return [
        build_expense(
            ledger_id,
            NewExpense(made.title, made.amount, made.currency, made.spent_on, made.category),
            suggestions.get(made.title),
        )
        for made in made_up
    ]


def remove_expired_demos(now: datetime | None = None) -> int:
    """Delete demo accounts unused for a day, with all their data; returns how many."""
    expired = list(User.objects.filter(demo_expires_at__lt=now or timezone.now()))
    delete_people(expired)
    return len(expired)

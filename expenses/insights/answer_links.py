"""The links in emails that answer one question: under which category an expense is filed.

A link needs no sign-in. It is bound to its ledger, its expense as it was and its answer, works for two weeks, and only
until one of the links about this expense in the same email was used.
"""

from datetime import date, timedelta
from typing import NamedTuple

from bson import ObjectId
from bson.errors import InvalidId
from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.models import User
from classifier.category_set import showing
from expenses.ledger.set_categories import set_categories
from expenses.models.documents import ExpenseDocument
from expenses.models.expense import Expense
from expenses.models.ledger import Ledger
from expenses.people.ledger_settings import personal_ledger
from expenses.recurring.fitting import movement_key
from finbrain.core.past_the_orm import collection

LIFE = timedelta(days=14)
_SALT = "expenses.answer"
# How many used links are remembered: far more than emails ask in LIFE.
_REMEMBERED = 100


class Answer(NamedTuple):
    """What a link does. asked: the expense and the week, which only one link may answer."""

    person: User
    ledger: Ledger
    expense: Expense
    category: str
    asked: str


def answer_url(person: User, row: ExpenseDocument, category: str, monday: date) -> str:
    """Return the address that files an expense under a category. row: with its id, title, amount, currency and day."""
    facts = movement_key(row["title"], row["amount"].to_decimal(), row["currency"], row["spent_on"].date())
    about = [str(person.pk), str(row["_id"]), facts, category, monday.isoformat()]
    return settings.SITE_URL + reverse("email_answer", args=[signing.dumps(about, salt=_SALT, compress=True)])


def read_answer(token: str) -> Answer | None:
    """Read a link. None if it is forged, expired or used, or if the expense was changed or filed in the meantime."""
    try:
        person_id, expense_id, facts, category, week = signing.loads(token, salt=_SALT, max_age=LIFE)
        person = User.objects.filter(pk=ObjectId(person_id), is_active=True).first()
        key = ObjectId(expense_id)
    except (signing.BadSignature, InvalidId, TypeError, ValueError):
        return None
    if person is None:
        return None
    ledger, asked = personal_ledger(person), f"{expense_id}:{week}"
    expense = Expense.objects.of(ledger).filter(pk=key).first()
    if expense is None or expense.reviewed or expense.deleted_at or asked in _answered(person):
        return None
    now = movement_key(expense.title, expense.amount, expense.currency, expense.spent_on)
    if now != facts or category not in ledger.categories:
        return None
    return Answer(person, ledger, expense, category, asked)


def give(answer: Answer) -> bool:
    """File the expense, and nothing else. Return False if another link was faster."""
    change = {"$push": {"answered_questions": {"$each": [answer.asked], "$slice": -_REMEMBERED}}}
    unanswered = {"_id": answer.person.pk, "answered_questions": {"$ne": answer.asked}}
    if not collection(User).update_one(unanswered, change).modified_count:
        return False
    with showing(answer.ledger.categories):
        return bool(set_categories(answer.ledger, [answer.expense.pk], answer.category, unreviewed=True).count)


def _answered(person: User) -> list[str]:
    return person.answered_questions if isinstance(person.answered_questions, list) else []

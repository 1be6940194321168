"""Files what people entered while there was no model."""

from accounts.models import User
from classifier.category_set import showing
from expenses.ledger.suggest_again import file_waiting
from expenses.people.ledger_settings import personal_ledger


def file_all_waiting() -> int:
    """File the expenses of all ledgers that wait for the first model. Returns how many. Safe to repeat."""
    count = 0
    for person in User.objects.all():
        ledger = personal_ledger(person)
        with showing(ledger.categories):
            count += file_waiting(ledger)
    return count

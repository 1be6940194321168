"""Where a ledger's categories are stored: with the person, so that they come with every request."""

from collections.abc import Sequence

from accounts.models import User
from expenses.models.own_categories import CategoryRow, Stored, read_stored
from finbrain.core.stored import text

# Proposals that a person declined; older ones are forgotten.
_MOST_DECLINED = 200


def stored_of(person: User) -> Stored:
    """Return what is stored with the person."""
    return read_stored(text(person.own_categories))


def save_rows(person: User, rows: Sequence[CategoryRow]) -> None:
    """Store the categories. Every page that is kept with the earlier ones is outdated by that."""
    _save(person, stored_of(person)._replace(rows=tuple(rows)))


def decline(person: User, proposal: str) -> None:
    """Never propose this again."""
    stored = stored_of(person)
    _save(person, stored._replace(declined=(*stored.declined, proposal)[-_MOST_DECLINED:]))


def _save(person: User, stored: Stored) -> None:
    person.own_categories = stored.to_text()
    person.save(update_fields=["own_categories"])

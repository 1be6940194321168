"""The kinds of emails, in the order in which one email has what they say."""

from collections.abc import Container
from datetime import date

from accounts.models import User
from expenses.emails import monthly, reminders, weekly
from expenses.emails.kind import EmailKind

KINDS: tuple[EmailKind, ...] = (reminders.KIND, monthly.KIND, weekly.KIND)
MARKS = tuple(kind.mark for kind in KINDS if kind.mark)


def kinds_named(names: object) -> list[EmailKind]:
    """Return the kinds with these names, in order. Leaves out those that only another release knows."""
    return [kind for kind in KINDS if isinstance(names, list) and kind.name in names]


def begin(user: User, turned_on: Container[str], today: date) -> None:
    """Mark the current periods of the settings that were turned on as reported. Does not save.

    So the first email is about the next period.
    """
    for kind in KINDS:
        if kind.mark and kind.setting in turned_on:
            setattr(user, kind.mark, max(getattr(user, kind.mark) or "", kind.period(today)))

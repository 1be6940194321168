"""Deletes expired demo accounts, old trash, import files, ended sessions, and changes too old to undo."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.utils import timezone

from expenses.ledger.set_categories import forget_changes
from expenses.ledger.trash import empty_trash
from expenses.models import ImportBatch
from expenses.people.demo import remove_expired_demos
from expenses.sums.stored_months import forget_outdated_sums

# The last use is recorded with some delay.
_SESSION_GRACE = timedelta(days=1)


@dataclass(frozen=True)
class CleanedUp:
    """How many of each kind were deleted."""

    demos: int
    trashed: int
    changes: int
    files: int
    sessions: int

    def __str__(self) -> str:
        removed = f"{self.demos} demo accounts, {self.trashed} trashed expenses, {self.changes} old changes"
        return f"{removed}, {self.files} import files and {self.sessions} ended sessions deleted"


def clean_up(now: datetime | None = None) -> CleanedUp:
    """Delete everything that has expired. Safe to run at any time, repeatedly, and in several processes."""
    now = now or timezone.now()
    trashed, changes = empty_trash(now), forget_changes(now)
    files = ImportBatch.objects.drop_files(until=now)
    forget_outdated_sums()
    return CleanedUp(remove_expired_demos(now), trashed, changes, files, _forget_sessions(now))


def _forget_sessions(now: datetime) -> int:
    """Delete the list entries of sessions that have expired in Redis. Returns how many."""
    longest = timedelta(seconds=max(settings.SESSION_COOKIE_AGE, settings.ACCOUNT_SESSION_COOKIE_AGE))
    return UserSession.objects.filter(last_seen_at__lt=now - longest - _SESSION_GRACE).delete()[0]

"""Removing what nobody can miss: unused demo accounts, old trash, files of imports, changes too old to take back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.utils import timezone

from expenses.ledger.filing import forget_changes
from expenses.ledger.trash import empty_trash
from expenses.models import ImportBatch
from expenses.people.demo import remove_expired_demos

# Last uses are noted with some delay.
_SESSION_GRACE = timedelta(days=1)


@dataclass(frozen=True)
class CleanedUp:
    """How many were removed of each kind."""

    demos: int
    trashed: int
    changes: int
    files: int
    sessions: int

    def __str__(self) -> str:
        removed = f"{self.demos} demo accounts, {self.trashed} trashed expenses, {self.changes} old changes"
        return f"{removed}, {self.files} files of imports and {self.sessions} ended sessions removed"


def clean_up(now: datetime | None = None) -> CleanedUp:
    """Remove it all; safe to run again, at any time, by several processes."""
    now = now or timezone.now()
    trashed, changes = empty_trash(now), forget_changes(now)
    files = ImportBatch.objects.drop_files(until=now)
    return CleanedUp(remove_expired_demos(now), trashed, changes, files, _forget_sessions(now))


def _forget_sessions(now: datetime) -> int:
    """Delete the list entries of sessions that Redis has let go of; returns how many."""
    longest = timedelta(seconds=max(settings.SESSION_COOKIE_AGE, settings.ACCOUNT_SESSION_COOKIE_AGE))
    return UserSession.objects.filter(last_seen_at__lt=now - longest - _SESSION_GRACE).delete()[0]

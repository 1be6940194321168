"""Removing what nobody can miss: unused demo accounts, old trash, files of imports, changes too old to take back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from bson import ObjectId
from django.conf import settings
from django.utils import timezone

from expenses.models import CategoryChange, Expense, ImportBatch, ImportState
from expenses.models.expense import TRASH_INDEXED_SINCE
from expenses.models.imports import FILES_INDEXED_SINCE
from expenses.people.demo import remove_expired_demos
from finbrain.core.collections import collection

TRASH_DAYS = 30
UNDO_DAYS = 7
SESSION_GRACE = timedelta(days=1)  # last uses are noted with some delay


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
    return CleanedUp(remove_expired_demos(now), trashed, changes, forget_files(now), forget_sessions(now))


def empty_trash(now: datetime) -> int:
    """Delete for good what has been in the trash for 30 days; returns how many."""
    old = {"$gt": TRASH_INDEXED_SINCE, "$lt": now - timedelta(days=TRASH_DAYS)}
    return collection(Expense).delete_many({"deleted_at": old}).deleted_count


def forget_changes(now: datetime) -> int:
    """Delete what would take back changes of categories older than a week; returns how many."""
    oldest = ObjectId.from_datetime(now - timedelta(days=UNDO_DAYS))
    return collection(CategoryChange).delete_many({"_id": {"$lt": oldest}}).deleted_count


def forget_files(now: datetime) -> int:
    """Throw away the files that nobody went on with: drafts go, imports end with what they have. Returns how many."""
    batches = collection(ImportBatch)
    old = {"file_until": {"$gt": FILES_INDEXED_SINCE, "$lt": now}}
    drafts = batches.delete_many(old | {"state": ImportState.DRAFT.value}).deleted_count
    ended = {"state": ImportState.DONE.value, "content": None, "file_until": None}
    return drafts + batches.update_many(old | {"state": ImportState.RUNNING.value}, {"$set": ended}).modified_count


def forget_sessions(now: datetime) -> int:
    """Delete the list entries of sessions that Redis has let go of; returns how many."""
    longest = timedelta(seconds=max(settings.SESSION_COOKIE_AGE, settings.ACCOUNT_SESSION_COOKIE_AGE))
    return UserSession.objects.filter(last_seen_at__lt=now - longest - SESSION_GRACE).delete()[0]

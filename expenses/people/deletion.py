"""Deletes people and all their data."""

from collections.abc import Sequence

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from bson import ObjectId
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django_redis import get_redis_connection

from accounts.models import User
from accounts.session.signed_in_devices import count_devices
from classifier import feedback
from classifier.models import Feedback, FeedbackStatus, Memory
from expenses.ledger.whole_ledger import delete_ledger
from expenses.models import Expense
from expenses.people.ledger_settings import personal_ledger

_SCANNED = 1000


def delete_person(user: User) -> None:
    """Delete a person's account and all their data; see `delete_people`."""
    delete_people([user])


def delete_people(users: Sequence[User]) -> None:
    """Delete the accounts with their ledgers, unapproved feedback, sessions, second steps and log entries.

    Each account is deleted after its data, so that an interrupted deletion can be repeated. Approved feedback stays,
    without the hash that links it to the person. The last step deletes what other requests wrote in the meantime.
    """
    names = {user.pk: user.email for user in users}
    for user in users:
        user_id = user.pk  # deleting the object clears it
        _end_sessions(user_id)
        _forget_in_admin(user)
        feedback.forget_contributor(user_id)
        delete_ledger(user_id)
        user.delete()
        delete_ledger(user_id)
        UserSession.objects.filter(user_id=user_id).delete()
    _forget_in_redis([*map(str, names), *names.values()])


def count_possessions(user: User) -> dict[str, int]:
    """Count what a deletion deletes: expenses (with the trash), learned titles, sessions, second steps and more."""
    mine, ledger = {"user_id": user.pk}, personal_ledger(user)
    return {
        "expenses": Expense.objects.of(ledger).count(),
        "memories": Memory.objects.of(ledger).count(),
        "feedback": _pending_feedback(user.pk).count(),
        "sessions": count_devices(user.pk),
        "factors": Authenticator.objects.filter(**mine).count(),
        "addresses": EmailAddress.objects.filter(**mine).count(),
    }


def _end_sessions(user_id: ObjectId) -> None:
    for session in UserSession.objects.filter(user_id=user_id):
        session.end()


def _pending_feedback(user_id: ObjectId):
    """The person's shared feedback that nobody has approved."""
    mine = Feedback.objects.filter(contributor=feedback.contributor(user_id))
    return mine.exclude(status=FeedbackStatus.APPROVED)


def _forget_in_admin(user: User) -> None:
    """Delete the admin's log entries by or about the person, and the person's name in reviews."""
    gone = {Feedback: [str(key) for key in _pending_feedback(user.pk).values_list("pk", flat=True)]}
    logged = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Expense))
    keys = [ObjectId(key) for key in logged.values_list("object_id", flat=True) if ObjectId.is_valid(key)]
    found = Expense.objects.of(personal_ledger(user)).filter(pk__in=keys).values_list("pk", flat=True)
    gone |= {Expense: list(map(str, found)), User: [str(user.pk)]}
    for model, ids in gone.items():
        LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(model), object_id__in=ids).delete()
    LogEntry.objects.filter(user_id=user.pk).delete()
    Feedback.objects.filter(reviewer=user.email).update(reviewer="")


def _forget_in_redis(texts: Sequence[str]) -> None:
    """Delete Redis keys that contain one of the texts, and sessions whose data does, even of unfinished sign-ins."""
    needles = [text.encode() for text in texts]
    for alias, look_inside in (("default", False), ("sessions", True)):
        client = get_redis_connection(alias)
        pattern = caches[alias].make_key("*")
        names: list[bytes] = []
        for name in client.scan_iter(match=pattern, count=_SCANNED):
            names.append(name)
            if len(names) == _SCANNED:
                _delete_mentions(client, names, needles, look_inside)
                names = []
        _delete_mentions(client, names, needles, look_inside)


def _delete_mentions(client, names: Sequence[bytes], needles: Sequence[bytes], look_inside: bool) -> None:
    if not names:
        return
    values = client.mget(names) if look_inside else [b""] * len(names)
    found = [
        name
        for name, value in zip(names, values, strict=True)
        if any(needle in name or needle in (value or b"") for needle in needles)
    ]
    if found:
        client.delete(*found)

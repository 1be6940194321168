"""Everything that is stored about a person besides their ledger, for the download. Keys are the names of the fields."""

from collections.abc import Iterable, Mapping
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry

from accounts.models import User
from classifier import feedback
from classifier.models import Feedback

Row = Mapping[str, Any]
# The key is left out because it is in every other table, and the hash because nobody can use it but an attacker.
_SECRET = ("id", "password", "calendar_key")
_ADDRESS = ("email", "verified", "primary")
_CONFIRMATION = ("created", "sent")
_SESSION = ("created_at", "last_seen_at", "ip", "user_agent")
_SECOND_STEP = ("type", "created_at", "last_used_at")
_LOGGED = ("action_time", "content_type__model", "action_flag")
_SHARED = (
    *("text", "suggested_category", "chosen_category", "confidence", "model_version"),
    *("status", "reviewed_at", "created_at"),
)


def account_facts(user: User) -> Row:
    """Return the account with its addresses, sessions, second steps and rights, without any secret."""
    mine = {"user_id": user.pk}
    addresses = EmailAddress.objects.filter(**mine)
    confirmations = EmailConfirmation.objects.filter(email_address__in=list(addresses))
    steps = Authenticator.objects.filter(**mine)
    stored = {field.name: getattr(user, field.name) for field in user._meta.concrete_fields}
    return {
        **{name: value for name, value in stored.items() if name not in _SECRET},
        "groups": list(user.groups.values_list("name", flat=True)),
        "user_permissions": list(user.user_permissions.values_list("codename", flat=True)),
        "addresses": list(addresses.values(*_ADDRESS)),
        "confirmations": list(confirmations.values(*_CONFIRMATION)),
        "sessions": list(UserSession.objects.filter(**mine).values(*_SESSION)),
        "second_factors": [
            {
                **{name: getattr(step, name) for name in _SECOND_STEP},
                "name": step.data.get("name", "") if isinstance(step.data, dict) else "",
            }
            for step in steps
        ],
        "actions_in_the_admin": list(LogEntry.objects.filter(**mine).values(*_LOGGED)),
        "corrections_reviewed": Feedback.objects.filter(reviewer=user.email).count(),
    }


def shared_rows(user: User) -> Iterable[Row]:
    """Return the corrections that are still linked to the person."""
    return Feedback.objects.filter(contributor=feedback.contributor(user.pk)).values(*_SHARED)

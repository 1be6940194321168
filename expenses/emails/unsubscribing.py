"""The links in emails that turn some kinds of them off, without sign-in and whatever password the account has by then.

They never expire, because people keep old emails.
"""

from collections.abc import Sequence
from typing import Any

from bson import ObjectId
from bson.errors import InvalidId
from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.models import User
from expenses.emails.all_kinds import kinds_named
from expenses.emails.kind import EmailKind

# Its links had the person alone when there were only monthly summaries.
_SALT = "expenses.summary"
_ONLY_KIND = "monthly"


def unsubscribe_url(user: User, kinds: Sequence[EmailKind]) -> str:
    """Return the address that turns these kinds off."""
    token = signing.dumps([str(user.pk), *(kind.name for kind in kinds)], salt=_SALT)
    return settings.SITE_URL + reverse("email_unsubscribe", args=[token])


def read_unsubscribe_token(token: str) -> tuple[ObjectId, list[EmailKind]] | None:
    """Return the person and the kinds of a link. None if it is forged."""
    try:
        stored: Any = signing.loads(token, salt=_SALT)
        person, *names = [stored, _ONLY_KIND] if isinstance(stored, str) else stored
        return ObjectId(person), kinds_named(names)
    except (signing.BadSignature, InvalidId, TypeError, ValueError):
        return None


def turn_off_emails(user_id: ObjectId, kinds: Sequence[EmailKind]) -> None:
    """Turn these kinds off."""
    if kinds:
        User.objects.filter(pk=user_id).update(**{kind.setting: False for kind in kinds})

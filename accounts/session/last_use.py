"""Records when and from where each session was last used, for the list of sessions."""

import logging
import time

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from pymongo.errors import PyMongoError

from finbrain.core.past_the_orm import collection

logger = logging.getLogger(__name__)

_KEY = "seen"
EVERY_SECONDS = 300
_AGENT_LENGTH = UserSession.user_agent.field.max_length


def record_activity(request: HttpRequest, response: HttpResponse) -> None:
    """Write a session's row at its first request and then every five minutes.

    The session itself keeps the time of the last write and is loaded anyway, so other requests cost nothing.
    """
    if (
        response.status_code < 500
        and _is_known(request)
        and request.user.is_authenticated
        and getattr(request.session, "keep_alive", True)
    ):
        _record_use(request)


def _is_known(request: HttpRequest) -> bool:
    """Whether the request has already loaded its user. Loading it just for this would cost a query."""
    user = getattr(request, "user", None)
    return user is not None and not (isinstance(user, SimpleLazyObject) and not hasattr(request, "_cached_user"))


def _record_use(request: HttpRequest) -> None:
    """Write the row if it is due. A new session key, such as after a new password, gets a new row."""
    session = request.session
    if session.session_key is None:
        session.save()
    beginning = (session.session_key or "")[:8]
    key, at = session.get(_KEY) or ("", 0)
    now = int(time.time())
    if key == beginning and now - at < EVERY_SECONDS:
        return
    try:
        _write_row(request)
    except (PyMongoError, DatabaseError, PermissionDenied):
        logger.exception("Could not record the last use of a session")
    session[_KEY] = [beginning, now]


def _write_row(request: HttpRequest) -> None:
    """Upsert the session's row. Raises PermissionDenied if the request has no IP address."""
    now = timezone.now()
    adapter = get_adapter(request)
    values = {
        "user_id": request.user.pk,
        "ip": adapter.get_client_ip(request),
        "user_agent": request.headers.get("User-Agent", "")[:_AGENT_LENGTH],
        "last_seen_at": now,
    }
    collection(UserSession).update_one(
        {"session_key": request.session.session_key},
        {"$set": values, "$setOnInsert": {"created_at": now, "data": {}}},
        upsert=True,
    )

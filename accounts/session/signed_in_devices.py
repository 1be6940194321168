"""How many devices a person is signed in on."""

from allauth.account.signals import user_logged_in
from allauth.usersessions.models import UserSession
from allauth.usersessions.signals import on_user_logged_in
from bson import ObjectId
from django.conf import settings

from accounts.session.store import SessionStore
from finbrain.core.caches import redis_cache, redis_client
from finbrain.core.tolerant_cache import attempt


def leave_rows_to_last_use() -> None:
    """Stop allauth from writing a session's row at a sign-in, and reading all others: `last_use` writes it anyway."""
    user_logged_in.disconnect(on_user_logged_in)


def count_devices(user_id: ObjectId) -> int:
    """Count the person's sessions, and delete the rows of those that have ended. Without Redis, all rows count."""
    keys = list(UserSession.objects.filter(user_id=user_id).values_list("session_key", flat=True))
    ended = _ended(keys) if keys else []
    if ended:
        UserSession.objects.filter(session_key__in=ended).delete()
    return len(keys) - len(ended)


def _ended(keys: list[str]) -> list[str]:
    """Those of the session keys that Redis doesn't have, found in one round trip; none if Redis is away."""
    alias = settings.SESSION_CACHE_ALIAS
    calls = redis_client(alias).pipeline(transaction=False)
    for key in keys:
        calls.exists(redis_cache(alias).make_key(SessionStore(key).cache_key))
    found = attempt(calls.execute)
    return [key for key, exists in zip(keys, found, strict=True) if not exists] if found else []

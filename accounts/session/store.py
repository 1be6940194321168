"""Sessions in Redis with as few calls as possible: one reads a session and extends it.

Django's own cache sessions check that the session exists and then write all of it back at each request. When the cache
does not answer, they treat the person as signed out.
"""

import logging
from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.cache import SessionStore as CacheSessionStore
from redis.exceptions import RedisError, ResponseError

from accounts.session.stored_shape import has_our_shape
from finbrain.core.caches import RedisCache, redis_client
from finbrain.core.sealed_cache import is_wrong_type

logger = logging.getLogger(__name__)

_UNREADABLE = object()


class SessionStore(CacheSessionStore):
    """Session store that extends a session while it reads it, so that `save()` of an unchanged one does nothing.

    A remembered session lives longer, which only its data says: `save()` extends it. Set `keep_alive` to False before
    the first access to read a session without extending it.
    """

    keep_alive = True
    _is_extended = False
    # Django's internals, which its type stubs leave out.
    _cache: RedisCache
    _get_session: Callable[[], dict[str, Any]]

    def load(self) -> dict[str, Any]:
        """Return the stored data, or {} if there is none. Raises the cache's error if it does not answer."""
        data = self._read()
        if data is None:
            self._session_key = None
        return data or {}

    def _read(self) -> dict[str, Any] | None:
        """The stored data. None if there is none, or if it isn't a session: then the person signs in again."""
        data: Any = _UNREADABLE
        try:
            stored = self._fetch()
            data = None if stored is None else self._cache.client.decode(stored)
        except ResponseError as error:
            if not is_wrong_type(error):
                raise
        except (ValueError, RecursionError):  # not JSON
            pass
        if data is None or has_our_shape(data):
            return cast(dict[str, Any] | None, data)
        logger.warning("Dropped a stored session that has not the shape of one")
        return None

    def _fetch(self) -> bytes | None:
        """Fetch the stored bytes, and extend the session in the same round trip unless it ends later anyway.

        If Redis refuses to extend it, `save()` tries again, and logs that.
        """
        name = self._cache.make_key(self.cache_key)
        calls = redis_client(settings.SESSION_CACHE_ALIAS).pipeline(transaction=False)
        calls.get(name)
        if self.keep_alive:
            calls.expire(name, settings.SESSION_COOKIE_AGE, gt=True)
        stored, *extended = calls.execute(raise_on_error=False)
        if isinstance(stored, Exception):
            raise stored
        # False: it ends later anyway, or was written in this very millisecond.
        self._is_extended = extended in ([True], [False])
        return stored

    def save(self, must_create: bool = False) -> None:
        """Write or extend the session. Raises UpdateError if it was changed here but has ended in the meantime."""
        if must_create or self.session_key is None:
            super().save(must_create)
        elif self.modified:
            self._replace()
        elif self.keep_alive and not (self._is_extended and self.get_expiry_age() == settings.SESSION_COOKIE_AGE):
            self._prolong()

    def _replace(self) -> None:
        """Write the changed data. If Redis is full or read-only, give up the change and only extend the session."""
        try:
            kept = self._cache.set(self.cache_key, self._get_session(), self.get_expiry_age(), xx=True)
        except ResponseError as error:
            logger.warning("Redis refuses writes (%s), so a change to a session was lost", type(error).__name__)
            self._prolong()
            return
        if not kept:
            raise UpdateError

    def _prolong(self) -> None:
        """Renew the time to live. Failures are only logged, because the page is already finished."""
        try:
            self._cache.touch(self.cache_key, self.get_expiry_age())
        except RedisError as error:
            logger.warning("Could not extend a session (%s)", type(error).__name__)

    def seconds_left(self) -> int:
        """The seconds until the stored session expires without another request; 0 if it has ended."""
        return self._cache.ttl(self.cache_key) or 0

"""Sessions in Redis, with as few calls as it takes: one to read, one to let them live on.

Django's own cache sessions write everything back at each request, after asking whether the session is still there, and
take a cache that does not answer for a person who is signed out.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.cache import SessionStore as CacheSessionStore
from django_redis.exceptions import ConnectionInterrupted
from redis.exceptions import ResponseError

from finbrain.core.caches import RedisCache

logger = logging.getLogger(__name__)


class SessionStore(CacheSessionStore):
    """`save()` of an unchanged session only sets its time to live anew.

    Setting `keep_alive` to False lets a request look at a session without prolonging it.
    """

    keep_alive = True
    # Internals of Django that its type stubs leave out.
    _cache: RedisCache
    _get_session: Callable[[], dict[str, Any]]

    def load(self) -> dict[str, Any]:
        """The stored data, or an empty session. Raises the cache's error when it does not answer."""
        data = self._cache.get(self.cache_key)
        if data is None:
            self._session_key = None
        return data or {}

    def save(self, must_create: bool = False) -> None:
        """Raises UpdateError when the session was ended meanwhile and would have been written to."""
        if must_create or self.session_key is None:
            super().save(must_create)
        elif self.modified:
            self._replace()
        elif self.keep_alive:
            self._prolong()

    def _replace(self) -> None:
        """When the server is full, the change is given up and the session lives on as it was."""
        try:
            kept = self._cache.set(self.cache_key, self._get_session(), self.get_expiry_age(), xx=True)
        except ConnectionInterrupted as error:
            if not isinstance(error.__cause__, ResponseError):
                raise
            logger.warning(
                "Redis refuses writes (%s): a change of a session is not kept", type(error.__cause__).__name__
            )
            self._prolong()
            return
        if not kept:
            raise UpdateError

    def _prolong(self) -> None:
        """The page is done by now: a server that went away meanwhile must not take it back."""
        try:
            self._cache.touch(self.cache_key, self.get_expiry_age())
        except ConnectionInterrupted as error:
            logger.warning("A session could not be prolonged (%s)", type(error.__cause__).__name__)

    def seconds_left(self) -> int:
        """How long the stored session lives on without another request; 0 when it is gone."""
        return self._cache.ttl(self.cache_key) or 0

"""Limits how often a person may ask for what costs much. Nobody who uses the site by hand ever meets one."""

import time

from django.conf import settings
from django.core.cache import cache
from django_redis import get_redis_connection

from finbrain.core.tolerant_cache import attempt

WINDOW_SECONDS = 60


class TooManyRequestsError(Exception):
    """Raised when a limit is reached. `finbrain.middleware.too_many` turns it into an answer."""


def current_window() -> int:
    """Return the number of the running minute. Each counts for itself."""
    return int(time.time()) // WINDOW_SECONDS


def limit(action: str, who: object) -> None:
    """Count a request, in one call to the cache. Raises TooManyRequestsError above the limit of `action`.

    action: a key of `settings.RATE_LIMITS`. who: identifies the person. Without the cache, nothing is limited.
    """
    calls = get_redis_connection("default").pipeline(transaction=False)
    key = cache.make_key(f"rate:{action}:{who}:{current_window()}")
    calls.incr(key)
    calls.expire(key, 2 * WINDOW_SECONDS)
    count, _ = attempt(calls.execute) or (0, None)
    if count > settings.RATE_LIMITS[action]:
        raise TooManyRequestsError(action)

"""Limits how often a person may ask for what costs much. Nobody who uses the site by hand ever meets one.

Guesses of passwords and codes, emails, new demos and the admin's sign-in are limited by `ACCOUNT_RATE_LIMITS`, which
allauth counts.
"""

import time

from django.conf import settings
from django.core.cache import cache
from django_redis import get_redis_connection

from finbrain.core.tolerant_cache import attempt

MINUTE, HOUR = 60, 3600


class TooManyRequestsError(Exception):
    """Raised above a limit. seconds: how long it lasts. `finbrain.middleware.too_many` turns it into an answer."""

    def __init__(self, action: str, seconds: int) -> None:
        super().__init__(action)
        self.seconds = seconds


def current_window(seconds: int) -> int:
    """Return the number of the current minute or hour, since 1970. seconds: MINUTE or HOUR."""
    return int(time.time()) // seconds


def seconds_left(seconds: int) -> int:
    """Return how long the running minute or hour still lasts."""
    return seconds - int(time.time()) % seconds


def limit(action: str, who: object) -> None:
    """Count a request, in one call to the cache. Raises TooManyRequestsError above the limit of `action`.

    action: a key of `settings.RATE_LIMITS`. who: identifies the person. Without the cache, nothing is limited.
    """
    seconds = HOUR if action in settings.HOURLY_RATE_LIMITS else MINUTE
    calls = get_redis_connection("default").pipeline(transaction=False)
    key = cache.make_key(f"rate:{action}:{who}:{current_window(seconds)}")
    calls.incr(key)
    calls.expire(key, 2 * seconds)
    count, _ = attempt(calls.execute) or (0, None)
    if count > settings.RATE_LIMITS[action]:
        raise TooManyRequestsError(action, seconds)

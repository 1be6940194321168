"""The cache, where it may be away: a lost cache slows a page down, it never breaks it."""

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.cache import cache
from django_redis.exceptions import ConnectionInterrupted
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def get(key: str) -> Any:
    """The value, or None when there is none or no cache."""
    return _try(cache.get, key)


def get_many(keys: Iterable[str]) -> dict[str, Any]:
    """What is found of `keys`, in one round trip; none for no keys."""
    keys = list(keys)
    return (_try(cache.get_many, keys) or {}) if keys else {}


def set_many(values: Mapping[str, Any], seconds: int) -> None:
    """Store all, in one round trip; none for no values."""
    if values:
        _try(cache.set_many, values, seconds)


def _try(call: Callable[..., Any], *args: Any) -> Any:
    try:
        return call(*args)
    except (ConnectionInterrupted, RedisError, OSError, ValueError) as error:
        logger.warning("The cache is away (%s)", type(error).__name__)
        return None

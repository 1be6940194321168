"""Cache functions that tolerate an outage: without the cache, pages are slower but still work."""

import hashlib
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bson import ObjectId
from django.core.cache import cache
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from finbrain.core.sealed_cache import seal, unseal

logger = logging.getLogger(__name__)


def cache_key(kind: str, owner_id: ObjectId, *parts: Any) -> str:
    """The cache key for something that belongs to a ledger and depends on `parts`, which need a stable repr."""
    digest = hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
    return f"{kind}:{owner_id}:{digest}"


def get_bytes(key: str) -> bytes | None:
    """Bytes stored by `set_bytes`, or None. Bypasses the serializer: JSON would cost more than the call itself."""
    name = cache.make_key(key)
    stored = attempt(lambda: get_redis_connection("default").get(name))
    return unseal(name, stored) if stored is not None else None


def set_bytes(key: str, content: bytes, seconds: int) -> None:
    """Store bytes without serializing them."""
    name = cache.make_key(key)
    attempt(lambda: get_redis_connection("default").set(name, seal(name, content), ex=seconds))


def delete(key: str) -> None:
    """Delete `key`. If the cache is away, the value stays until it expires."""
    attempt(lambda: get_redis_connection("default").delete(cache.make_key(key)))


def get_many(keys: Iterable[str]) -> dict[str, Any]:
    """Fetch those of `keys` that exist, in one round trip; in none if there are no keys."""
    keys = list(keys)
    return (attempt(cache.get_many, keys) or {}) if keys else {}


def set_many(values: Mapping[str, Any], seconds: int) -> bool:
    """Store all values in one round trip; in none if there are no values. Return whether the cache took them."""
    return not values or attempt(_set_many, values, seconds) is not None


def _set_many(values: Mapping[str, Any], seconds: int) -> bool:
    cache.set_many({**values}, seconds)
    return True


def attempt(call: Callable[..., Any], *args: Any) -> Any:
    """Make a call to the cache and return its result; None while the cache is away."""
    try:
        return call(*args)
    except (RedisError, OSError, ValueError) as error:
        logger.warning("The cache is away (%s)", type(error).__name__)
        return None

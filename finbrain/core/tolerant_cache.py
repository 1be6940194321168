"""The cache, where it may be away: a lost cache slows a page down, it never breaks it."""

import hashlib
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bson import ObjectId
from django.core.cache import cache
from django_redis import get_redis_connection
from django_redis.exceptions import ConnectionInterrupted
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def key_of(kind: str, owner_id: ObjectId, *parts: Any) -> str:
    """A key for something of the owner's that depends on `parts`; they need a stable repr."""
    digest = hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
    return f"{kind}:{owner_id}:{digest}"


def get_bytes(key: str) -> bytes | None:
    """Bytes kept by `set_bytes`, or None. Past the serializer, whose JSON costs more than everything else about it."""
    return attempt(lambda: get_redis_connection("default").get(cache.make_key(key)))


def set_bytes(key: str, content: bytes, seconds: int) -> None:
    """Keep bytes as they are."""
    attempt(lambda: get_redis_connection("default").set(cache.make_key(key), content, ex=seconds))


def delete(key: str) -> None:
    """Forget what is kept under `key`; while the cache is away, it stays until it expires."""
    attempt(lambda: get_redis_connection("default").delete(cache.make_key(key)))


def get_many(keys: Iterable[str]) -> dict[str, Any]:
    """What is found of `keys`, in one round trip; none for no keys."""
    keys = list(keys)
    return (attempt(cache.get_many, keys) or {}) if keys else {}


def set_many(values: Mapping[str, Any], seconds: int) -> None:
    """Store all, in one round trip; none for no values."""
    if values:
        attempt(cache.set_many, values, seconds)


def attempt(call: Callable[..., Any], *args: Any) -> Any:
    """What the call to the cache returns; None while the cache is away."""
    try:
        return call(*args)
    except (ConnectionInterrupted, RedisError, OSError, ValueError) as error:
        logger.warning("The cache is away (%s)", type(error).__name__)
        return None

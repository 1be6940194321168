"""The cache, where it may be away: a lost cache slows a page down, it never breaks it."""

import hashlib
import logging
import zlib
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


def get_page(key: str) -> bytes | None:
    """A page kept by `set_page`, or None. Past the serializer, whose JSON costs more than everything else about it."""
    packed = _try(lambda: get_redis_connection("default").get(cache.make_key(key)))
    try:
        return zlib.decompress(packed) if packed else None
    except zlib.error:
        logger.warning("The cache holds something else under %s", key)
        return None


def set_page(key: str, page: bytes, seconds: int) -> None:
    _try(lambda: get_redis_connection("default").set(cache.make_key(key), zlib.compress(page, 1), ex=seconds))


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

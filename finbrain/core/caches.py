"""Types for what only Redis caches can do, which Django's type stubs and django-redis both leave out.

Whatever fails, a cache raises redis-py's own RedisError: ConnectionInterrupted stays inside django-redis, between its
clients (finbrain/core/sealed_cache.py) and its cache. finbrain/tests/faults/test_refusals.py tries each call.
"""

from typing import Any, Protocol, cast

from django.core.cache import caches
from redis.lock import Lock

from finbrain.core.redis_client import Redis


class RedisCache(Protocol):
    """The methods of django-redis's cache that FinBrain uses beyond Django's interface. Times are in seconds."""

    client: Any

    def make_key(self, key: str) -> str: ...

    def get(self, key: str) -> Any: ...

    def set(self, key: str, value: Any, timeout: float, *, xx: bool) -> bool:
        """Store `value` under `key`; with `xx`, only if the key exists. Returns whether it was stored."""
        ...

    def touch(self, key: str, timeout: float) -> bool: ...

    def ttl(self, key: str) -> int | None:
        """The seconds until `key` expires; 0 if it does not exist, None if it never expires."""
        ...

    def lock(self, key: str, *, timeout: float, thread_local: bool) -> Lock: ...


def redis_cache(alias: str = "default") -> RedisCache:
    """The cache with this name in the settings, "default" or "sessions"."""
    return cast(RedisCache, caches[alias])


def redis_client(alias: str = "default") -> Redis:
    """The Redis client of this cache. It fails at once while its server is away."""
    return cast(Any, caches[alias]).client.get_client()

"""The caches with what only Redis can do, typed: neither Django's type stubs nor django-redis know it."""

from typing import Any, Protocol, cast

from django.core.cache import caches
from redis.lock import Lock

from finbrain.core.redis_client import Redis


class RedisCache(Protocol):
    """The part of django-redis's cache that FinBrain uses past Django's interface. Times are in seconds."""

    def get(self, key: str) -> Any: ...

    def set(self, key: str, value: Any, timeout: float, *, xx: bool) -> bool:
        """Replace what is kept under `key`; with `xx` only what is there. Whether it was done."""
        ...

    def touch(self, key: str, timeout: float) -> bool: ...

    def ttl(self, key: str) -> int | None:
        """How long it will be kept; 0 when it is gone, None when forever."""
        ...

    def lock(self, key: str, *, timeout: float, thread_local: bool) -> Lock: ...


def redis_cache(alias: str = "default") -> RedisCache:
    """The cache of that name in the settings, "default" or "sessions"."""
    return cast(RedisCache, caches[alias])


def redis_client(alias: str = "default") -> Redis:
    """The client of that cache, which knows whether its server is away."""
    return cast(Any, caches[alias]).client.get_client()

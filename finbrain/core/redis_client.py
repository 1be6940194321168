"""The Redis client of the caches, which counts round trips and fails at once while its server is away."""

import time
from collections.abc import Callable
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.client import Pipeline as RedisPipeline
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

from finbrain.core.breaker import PING_SECONDS, Breaker
from finbrain.core.usage import count_cache

_breakers: dict[str, Breaker] = {}


def _breaker_of(pool: redis.ConnectionPool) -> Breaker:
    """The circuit breaker of the server that the pool connects to."""
    told = pool.connection_kwargs
    server = str(told.get("path") or f"{told.get('host')}:{told.get('port')}")
    if server not in _breakers:
        quick = {"socket_timeout": PING_SECONDS, "socket_connect_timeout": PING_SECONDS, "retry": Retry(NoBackoff(), 0)}
        own = redis.ConnectionPool(pool.connection_class, max_connections=4, **(told | quick))
        _breakers[server] = Breaker(f"Redis at {server}", lambda: redis.Redis(connection_pool=own).ping())
    return _breakers[server]


class Guarded:
    """Mixin that counts every round trip and checks the circuit breaker before it."""

    connection_pool: redis.ConnectionPool

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.breaker = _breaker_of(self.connection_pool)

    def _ask(self, call: Callable[..., Any], *args: Any, **options: Any) -> Any:
        if self.breaker.is_away():
            raise RedisConnectionError(f"{self.breaker.name} is away")
        began = time.perf_counter()
        try:
            return call(*args, **options)
        except (RedisConnectionError, RedisTimeoutError):
            self.breaker.report()
            raise
        finally:
            count_cache(time.perf_counter() - began)


class Pipeline(Guarded, RedisPipeline):
    def execute(self, *args: Any, **options: Any) -> Any:
        return self._ask(super().execute, *args, **options)


class Redis(Guarded, redis.Redis):
    def execute_command(self, *args: Any, **options: Any) -> Any:
        return self._ask(super().execute_command, *args, **options)

    def pipeline(self, transaction: bool = True, shard_hint: Any = None) -> Pipeline:
        return Pipeline(self.connection_pool, self.response_callbacks, transaction, shard_hint)

"""Circuit breakers for MongoDB and Redis: while a server is away, requests fail at once until it is back.

A server is away if it doesn't answer several pings in a row. A query that takes long says nothing about it: the pings
have connections and time limits of their own. Each process has its own breakers. While a server is away, it is pinged
at most twice a second.
"""

import atexit
import contextvars
import logging
import os
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pymongo
from pymongo import MongoClient

from finbrain.core.mongodb import wrapper

PAUSE_SECONDS = 0.5
PING_SECONDS = 0.3
# So many pings in a row must fail.
PINGS = 2

logger = logging.getLogger(__name__)


class Breaker:
    """The state of one server as this process sees it. `ping` must raise if there is no answer within PING_SECONDS."""

    def __init__(self, name: str, ping: Callable[[], object]) -> None:
        self.name = name
        self.ping = ping
        self.since: float | None = None
        self._asked_at = 0.0
        self._asking = threading.Lock()

    def report(self) -> None:
        """Report that a call got no answer. Pings first check that the server is not just slow."""
        with self._asking:
            if self.since is None and not any(self.answers() for _ in range(PINGS)):
                self.since = self._asked_at = time.monotonic()
                logger.warning("%s is away: requests that need it get a 503 until it is back", self.name)

    def is_away(self) -> bool:
        """Whether the server was reported away and is not back yet."""
        if self.since is None:
            return False
        if time.monotonic() - self._asked_at < PAUSE_SECONDS or not self._asking.acquire(blocking=False):
            return True
        try:
            return not self._is_back()
        finally:
            self._asking.release()

    def _is_back(self) -> bool:
        """Ping a server that is away."""
        back = self.answers()
        self._asked_at = time.monotonic()
        if back and self.since is not None:
            logger.warning("%s is back after %.1f s", self.name, self._asked_at - self.since)
            self.since = None
        return back

    def answers(self) -> bool:
        """Ping the server now; returns whether it answered. The time limit of the request doesn't apply."""
        try:
            contextvars.Context().run(self.ping)
        except Exception:
            return False
        return True


@lru_cache(maxsize=1)
def _own_client(_process: int) -> MongoClient[dict[str, Any]]:
    """A client for pings alone, because slow queries may occupy all connections of the pages' client."""
    limits = dict.fromkeys(("timeoutMS", "serverSelectionTimeoutMS", "connectTimeoutMS"), int(PING_SECONDS * 1000))
    client = MongoClient(**wrapper().get_connection_params() | limits | {"maxPoolSize": 4})
    atexit.register(client.close)
    return client


def close_client() -> None:
    """Close the client for pings, if it is open: it doesn't survive a fork."""
    if _own_client.cache_info().currsize:
        _own_client(os.getpid()).close()
        _own_client.cache_clear()


def _ping_mongodb() -> None:
    """Ping the primary. Raises if there is no answer in time."""
    with pymongo.timeout(PING_SECONDS):
        _own_client(os.getpid()).admin.command("ping")


mongodb = Breaker("MongoDB", _ping_mongodb)

"""Circuit breakers for MongoDB and Redis: once a request has timed out, others fail at once until the server is back.

Each process has its own. While a server is away, it is pinged at most twice a second.
"""

import logging
import time
from collections.abc import Callable

import pymongo

from finbrain.core.mongodb import client

PAUSE_SECONDS = 0.5
PING_SECONDS = 0.3

logger = logging.getLogger(__name__)


class Breaker:
    """The state of one server as this process sees it. `ping` must raise if there is no answer within PING_SECONDS."""

    def __init__(self, name: str, ping: Callable[[], object]) -> None:
        self.name = name
        self.ping = ping
        self.since: float | None = None
        self._asked_at = 0.0

    def report(self, sure: bool = False) -> None:
        """Report that a call got no answer. Unless `sure`, a ping first checks that the server is not just slow."""
        if self.since is None and (sure or not self.answers()):
            self.since = self._asked_at = time.monotonic()
            logger.warning("%s is away: requests that need it get a 503 until it is back", self.name)

    def is_away(self) -> bool:
        """Whether the server was reported away and is not back yet."""
        if self.since is None:
            return False
        now = time.monotonic()
        if now - self._asked_at < PAUSE_SECONDS:
            return True
        self._asked_at = now
        if not self.answers():
            self._asked_at = time.monotonic()
            return True
        if self.since is not None:
            logger.warning("%s is back after %.1f s", self.name, now - self.since)
            self.since = None
        return False

    def answers(self) -> bool:
        """Ping the server now; returns whether it answered."""
        try:
            self.ping()
        except Exception:
            return False
        return True


def _ping_mongodb() -> None:
    """Ping the primary. Raises if there is no answer in time."""
    server = client()
    with pymongo.timeout(PING_SECONDS):
        server.admin.command("ping")


mongodb = Breaker("MongoDB", _ping_mongodb)

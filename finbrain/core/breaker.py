"""Fail at once while an engine is known to be away: only the first request of a process waits for its time-out.

Until the engine answers a quick ping again, nobody else is made to wait; it is asked at most twice a second.
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
    """One engine as this process sees it. `ping` raises when there is no answer within PING_SECONDS."""

    def __init__(self, name: str, ping: Callable[[], object]) -> None:
        self.name = name
        self.ping = ping
        self.since: float | None = None
        self._asked_at = 0.0

    def report(self, sure: bool = False) -> None:
        """It did not answer once. Unless that is `sure`, it may have been slow only: then it answers a ping."""
        if self.since is None and (sure or not self.answers()):
            self.since = self._asked_at = time.monotonic()
            logger.warning("%s is away: what needs it is answered with 503 until it is back", self.name)

    def is_away(self) -> bool:
        """Whether it was reported and has not come back since."""
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
        """Ask now."""
        try:
            self.ping()
        except Exception:
            return False
        return True


def _ping_mongodb() -> None:
    """Ask for the primary's answer; raises when there is none in time."""
    server = client()
    with pymongo.timeout(PING_SECONDS):
        server.admin.command("ping")


mongodb = Breaker("MongoDB", _ping_mongodb)

"""Counts each request's calls to MongoDB and Redis, and the time they take."""

from contextvars import ContextVar
from dataclasses import dataclass

from pymongo import monitoring


@dataclass(slots=True)
class Usage:
    """Calls and seconds so far. A Redis pipeline counts as one call."""

    database_calls: int = 0
    database_seconds: float = 0.0
    cache_calls: int = 0
    cache_seconds: float = 0.0


current: ContextVar[Usage | None] = ContextVar("usage", default=None)


def count_cache(seconds: float) -> None:
    """Count one round trip to Redis."""
    if usage := current.get():
        usage.cache_calls += 1
        usage.cache_seconds += seconds


class DatabaseListener(monitoring.CommandListener):
    """Counts the commands sent to MongoDB. PyMongo calls it in the thread that waits for the answer."""

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        pass

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        self._count(event.duration_micros)

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        self._count(event.duration_micros)

    def _count(self, microseconds: int) -> None:
        if usage := current.get():
            usage.database_calls += 1
            usage.database_seconds += microseconds / 1e6

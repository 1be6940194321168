"""Count what a page costs (commands to MongoDB, round trips to Redis) and what any code costs (calls of functions)."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import redis
from pymongo import monitoring

_DATABASE_WORK = {
    *("find", "aggregate", "getMore", "count", "distinct"),
    *("insert", "update", "delete", "findAndModify", "bulkWrite"),
}


@dataclass
class Calls:
    """The counted calls in order, such as `find accounts_user`, `GET c:1:rates`, or `MGET+SET` for a pipeline.

    collections: those of MongoDB that they were about.
    """

    names: list[str] = field(default_factory=list)
    collections: set[str] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.names)


class _DatabaseListener(monitoring.CommandListener):
    def __init__(self) -> None:
        self.counting: list[Calls] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if event.command_name in _DATABASE_WORK:
            target = event.command["collection" if event.command_name == "getMore" else event.command_name]
            others = [
                stage["$unionWith"]["coll"] for stage in event.command.get("pipeline", ()) if "$unionWith" in stage
            ]
            for calls in self.counting:
                calls.names.append(f"{event.command_name} {target}")
                calls.collections.update((target, *others))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        pass

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        pass


_database = _DatabaseListener()
_cache: list[Calls] = []


def install() -> None:
    """Watch all MongoDB and Redis clients of this process. Must be called before the first connection."""
    monitoring.register(_database)
    single, pipeline = redis.Redis.execute_command, redis.client.Pipeline.execute

    def execute_command(self: redis.Redis, *args: Any, **options: Any) -> Any:
        _count_cache(" ".join(_text(part) for part in args[:2]))
        return single(self, *args, **options)

    def execute(self: redis.client.Pipeline, *args: Any, **options: Any) -> Any:
        if self.command_stack:
            _count_cache("+".join(_text(command[0][0]) for command in self.command_stack))
        return pipeline(self, *args, **options)

    redis.Redis.execute_command = execute_command
    redis.client.Pipeline.execute = execute


def _text(part: Any) -> str:
    return part.decode(errors="replace") if isinstance(part, bytes) else str(part)


def _count_cache(name: str) -> None:
    for calls in _cache:
        calls.names.append(name)


@contextmanager
def database_calls() -> Iterator[Calls]:
    """Context manager that collects commands that read or write, but not those that connect or end a transaction."""
    calls = Calls()
    _database.counting.append(calls)
    try:
        yield calls
    finally:
        _database.counting.remove(calls)


def function_calls(work: Callable[[], object]) -> int:
    """How many functions, Python's own included, are called in this thread while `work` runs."""
    made = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal made
        made += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return made


@contextmanager
def cache_calls() -> Iterator[Calls]:
    """Context manager that collects the round trips to Redis: one per command or pipeline."""
    calls = Calls()
    _cache.append(calls)
    try:
        yield calls
    finally:
        _cache.remove(calls)

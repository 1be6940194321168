"""Isolates tests: after each one, restores only the collections that it wrote to.

Django would flush every collection after every test, which takes 0.1 to 0.25 s on MongoDB.
"""

import threading
from typing import Any

import pymongo
from django.core.signals import request_finished, request_started
from django.db import connections
from django.test.client import ClientHandler
from django.test.testcases import TransactionTestCase
from pymongo import monitoring

_WRITES = {"insert", "update", "delete", "findAndModify", "drop", "create"}
_KEPT = {"django_migrations"}
_LIMIT_SECONDS = 600  # for all collections, on a machine that is busy with other things


class _Writes(monitoring.CommandListener):
    """Records which collections of which database were written to."""

    def __init__(self) -> None:
        self.collections: set[tuple[str, str]] = set()

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if event.command_name in _WRITES:
            self.collections.add((event.database_name, event.command[event.command_name]))
        elif event.command_name == "aggregate":
            for stage in event.command["pipeline"][-1:]:
                if target := stage.get("$out") or stage.get("$merge"):
                    into = target["into"] if isinstance(target, dict) and "into" in target else target
                    self.collections.add((event.database_name, str(into)))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        pass

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        pass


class _Served:
    """The threads in which the live server answers a request now."""

    def __init__(self) -> None:
        self.threads: set[threading.Thread] = set()

    def started(self, sender: type, **_kwargs: Any) -> None:
        if sender is not ClientHandler:
            self.threads.add(threading.current_thread())

    def finished(self, sender: type, **_kwargs: Any) -> None:
        """Comes twice, or never, when a browser leaves before its answer is there."""
        self.threads.discard(threading.current_thread())


_writes = _Writes()
_served = _Served()
_initial: dict[str, list[dict[str, Any]]] = {}
_unfinished = False


def install() -> None:
    """Watch all writes and replace Django's flush. Must be called before the first connection."""
    monitoring.register(_writes)
    request_started.connect(_served.started)
    request_finished.connect(_served.finished)
    TransactionTestCase._fixture_setup = classmethod(lambda cls: finish())
    TransactionTestCase._fixture_teardown = lambda self: restore()


def nobody_is_served() -> bool:
    """Whether the live server has answered all requests, so that none of them writes after its test."""
    return not any(thread.is_alive() for thread in _served.threads.copy())


def remember() -> None:
    """Record the state after the migrations, from which every test starts."""
    database = connections["default"].database
    _initial.clear()
    for name in database.list_collection_names():
        if name not in _KEPT and (rows := list(database[name].find())):
            _initial[name] = rows
    _writes.collections.clear()


def finish() -> None:
    """Clean up what a test before this one left, because the database failed at its end."""
    if _unfinished:
        restore()


def restore(everything: bool = False) -> None:
    """Bring the touched collections back to that state; all of them when other processes wrote too.

    A collection counts as touched until it is back: when the database fails here, the next test starts with the rest.
    """
    global _unfinished
    _unfinished = True
    database = connections["default"].database
    with pymongo.timeout(_LIMIT_SECONDS):
        if everything:
            _writes.collections.update((database.name, name) for name in database.list_collection_names())
        for owner, name in _writes.collections.copy():
            if owner == database.name and name not in _KEPT:
                database[name].delete_many({})
                if rows := _initial.get(name):
                    database[name].insert_many(rows)
    _writes.collections.clear()
    _unfinished = False

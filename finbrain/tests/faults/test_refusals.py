"""What sessions, cache and pages do with a real Redis that is stopped, silent, full, read-only or loading."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from django.core.cache import cache, caches
from django.test import Client

from accounts.session.store import SessionStore
from conftest import PASSWORD
from finbrain.core import redis_client, tolerant_cache
from finbrain.core.locks import only_one
from finbrain.core.rate_limits import limit
from finbrain.embedded import process
from finbrain.embedded.valkey import Valkey
from finbrain.outage import is_outage
from finbrain.tests.waiting import SECONDS as PATIENCE
from finbrain.tests.waiting import until

# It reads its file for five minutes: longer than any test. After each key it answers.
KEYS, BYTES, MICROSECONDS = 12_000, 1100, 25_000
# What a call may take here: no healthy server needs it, and the silent one is given up after it.
SECONDS = 5.0
LOADS_SLOWLY = f"appendonly no\nkey-load-delay {MICROSECONDS}\nloading-process-events-interval-bytes 1024\n"


class Server:
    """A Valkey of its own. `direct` is a client that isn't FinBrain's, to bring it into each state."""

    def __init__(self, folder: Path) -> None:
        self.valkey = Valkey(folder, scratch=True)
        self.child = self.valkey.launch(process.free_port())
        until(self.valkey.is_ready, "a Valkey that is ready")
        self.direct = redis.Redis.from_url(self.valkey.uri, socket_timeout=PATIENCE)

    def stopped(self) -> None:
        self.child.kill()
        self.child.wait()

    def silent(self) -> None:
        os.kill(self.child.pid, signal.SIGSTOP)

    def full(self) -> None:
        self.direct.config_set("maxmemory", 1)

    def read_only(self) -> None:
        self.direct.replicaof(process.LOCALHOST, process.free_port())

    def loading(self) -> None:
        self.direct.mset({f"filler:{number}": os.urandom(BYTES) for number in range(KEYS)})
        self.direct.save()
        self.stopped()
        with self.valkey.settings.open("a") as settings:
            settings.write(LOADS_SLOWLY)
        argv = [self.valkey.program, self.valkey.settings, "--port", str(self.valkey.port), "--save", ""]
        argv += ["--bind", process.LOCALHOST, "--dir", self.valkey.folder]
        self.child = process.spawn(argv, log=self.valkey.log)
        until(lambda: isinstance(raised_by(self.direct.ping), redis.exceptions.BusyLoadingError), "a loading Valkey")


def raised_by(work: Callable[[], object]) -> Exception | None:
    try:
        work()
    except Exception as error:
        return error
    return None


@pytest.fixture
def server(tmp_path, settings, monkeypatch) -> Iterator[Server]:
    """The server of cache and sessions."""
    monkeypatch.setattr(redis_client, "_breakers", {})
    monkeypatch.setattr(redis_client, "PING_SECONDS", SECONDS)
    found = Server(tmp_path)
    quick = {"SOCKET_CONNECT_TIMEOUT": SECONDS, "SOCKET_TIMEOUT": SECONDS}
    settings.CACHES = {
        name: each | {"LOCATION": found.valkey.uri, "OPTIONS": each["OPTIONS"] | quick}
        for name, each in settings.CACHES.items()
    }
    yield found
    found.stopped()


def operations(key: str, spare: str) -> dict[str, Callable[[], object]]:
    """What FinBrain, Django and allauth ask of sessions and of the cache. key, spare: of stored sessions."""
    sessions = SessionStore(key)
    return {
        "session load": sessions.load,
        "session exists": lambda: SessionStore().exists(key),
        "session create": lambda: SessionStore().create(),
        "session seconds_left": sessions.seconds_left,
        "session delete": lambda: SessionStore(spare).delete(),
        "session flush": lambda: SessionStore(spare).flush(),
        "session cycle_key": lambda: SessionStore(spare).cycle_key(),
        "session expire": lambda: caches["sessions"].expire("a", 5),
        "set": lambda: cache.set("a", 1, 5),
        "add": lambda: cache.add("a", 1, 5),
        "get": lambda: cache.get("a"),
        "delete": lambda: cache.delete("a"),
        "touch": lambda: cache.touch("a"),
        "ttl": lambda: cache.ttl("a"),
        "has_key": lambda: cache.has_key("a"),
        "get_many": lambda: cache.get_many(["a", "b"]),
        "set_many": lambda: cache.set_many({"a": 1}),
        "delete_many": lambda: cache.delete_many(["a"]),
        "delete_pattern": lambda: cache.delete_pattern("a*"),
        "lock": lambda: only_one("a").__enter__(),
    }


def stored_session() -> str:
    """The key of a session with a colour."""
    session = SessionStore()
    session["colour"] = "teal"
    session.save()
    return str(session.session_key)


def change(key: str) -> SessionStore:
    """The session with another colour, to be saved."""
    session = SessionStore(key)
    session._session_cache = {"colour": "red"}
    session.modified = True
    return session


REFUSING = ("full", "read_only")
STATES = ("stopped", "silent", "loading", *REFUSING)


@pytest.mark.parametrize("state", STATES)
def test_whatever_fails_is_known_as_an_outage_and_tolerant_calls_go_on(server, state):
    key, spare = stored_session(), stored_session()
    cache.set("a", 1, 60)
    getattr(server, state)()
    errors = {name: raised_by(work) for name, work in operations(key, spare).items()}
    assert any(errors.values())
    assert {name: error for name, error in errors.items() if error and not is_outage(error)} == {}
    SessionStore(key).save()
    changing = raised_by(change(key).save)
    assert changing is None if state in REFUSING else is_outage(changing)
    assert tolerant_cache.get_many(["nothing"]) == {}
    tolerant_cache.set_many({"nothing": 1}, 5)
    tolerant_cache.set_bytes("nothing", b"x", 5)
    tolerant_cache.delete("nothing")
    limit("list", "somebody")
    if state in REFUSING:
        assert SessionStore(key).load() == {"colour": "teal"}


@pytest.mark.parametrize("state", STATES)
def test_pages_are_served_or_say_to_come_back(server, client_alice, alice, state):
    client_alice.raise_request_exception = False
    assert client_alice.get("/expenses/").status_code == 200
    getattr(server, state)()
    sign_in = {"login": alice.email, "password": PASSWORD}
    answers = [
        client_alice.get("/expenses/"),
        client_alice.post("/accounts/settings/", {}),
        client_alice.get("/expenses/"),
    ]
    visitor = Client(raise_request_exception=False)
    assert visitor.post("/accounts/login/", sign_in).status_code == 503
    if state in REFUSING:
        assert answers[0].status_code == answers[2].status_code == 200
    assert all(answer.status_code < 500 or answer.status_code == 503 for answer in answers)

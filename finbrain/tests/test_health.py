"""The health checks."""

import pymongo
import pytest

from finbrain.core.breaker import PAUSE_SECONDS, PINGS, Breaker, mongodb

pytestmark = pytest.mark.django_db


def fail() -> None:
    raise OSError


def test_alive_asks_nobody(client, count_db, count_cache):
    with count_db() as database, count_cache() as cache:
        assert client.get("/healthz").content == b"ok"
    assert (len(database), len(cache)) == (0, 0)


def test_ready_tells_each_part(client, real_model):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": True, "cache": True, "model": True})


def test_ready_without_a_model(client):
    assert client.get("/readyz").json() == {"database": True, "cache": True, "model": False}


def test_not_ready_without_a_database(client, monkeypatch):
    monkeypatch.setattr("finbrain.health.mongodb.ping", fail)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"database": False, "cache": True, "model": False}


def test_probes_are_answered_under_any_host_name_and_without_https(client, settings):
    settings.ALLOWED_HOSTS = ["finbrain.example.org"]
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/readyz", headers={"Host": "10.0.0.7:8000"}).status_code == 200


class Engine:
    """A server that answers or not, and counts its pings."""

    def __init__(self):
        self.works = True
        self.asked = 0

    def ping(self) -> None:
        self.asked += 1
        if not self.works:
            raise OSError


@pytest.fixture
def clock(monkeypatch):
    """A monotonic clock that only advances by `clock.append(seconds)`."""
    moves = [100.0]
    monkeypatch.setattr("finbrain.core.breaker.time.monotonic", lambda: sum(moves))
    return moves


@pytest.mark.parametrize("slow_pings", range(PINGS))
def test_a_slow_answer_does_not_make_an_engine_away(clock, slow_pings):
    """Neither does a ping that is slow after it."""
    answers = [fail] * slow_pings + [lambda: None]
    breaker = Breaker("MongoDB", lambda: answers.pop(0)())
    breaker.report()
    assert not breaker.is_away()
    assert answers == []


def test_a_ping_has_time_though_the_request_has_none_left():
    """Nor does it wait for a free connection of the pages."""
    with pymongo.timeout(0.000001):
        assert mongodb.answers()


def test_only_one_request_at_a_time_pings_a_server_that_is_away():
    engine = Engine()
    engine.works = False
    breaker = Breaker("MongoDB", engine.ping)
    breaker.report()
    breaker._asked_at = 0
    with breaker._asking:
        assert breaker.is_away()
    assert engine.asked == PINGS


def test_an_engine_that_is_away_is_asked_now_and_then_until_it_is_back(clock, caplog):
    engine = Engine()
    engine.works = False
    breaker = Breaker("MongoDB", engine.ping)
    breaker.report()
    breaker.report()
    for _ in range(50):
        assert breaker.is_away()
    assert engine.asked == PINGS
    clock.append(PAUSE_SECONDS)
    assert breaker.is_away()
    assert engine.asked == PINGS + 1
    engine.works = True
    assert breaker.is_away()
    clock.append(PAUSE_SECONDS)
    assert not breaker.is_away()
    assert caplog.messages == [
        "MongoDB is away: requests that need it get a 503 until it is back",
        "MongoDB is back after 1.0 s",
    ]

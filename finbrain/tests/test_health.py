"""The health checks."""

import pytest

from finbrain.core.breaker import PAUSE_SECONDS, Breaker

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


def test_a_slow_answer_does_not_make_an_engine_away(clock):
    engine = Engine()
    breaker = Breaker("MongoDB", engine.ping)
    breaker.report()
    assert not breaker.is_away()


def test_an_engine_that_is_away_is_asked_now_and_then_until_it_is_back(clock, caplog):
    engine = Engine()
    engine.works = False
    breaker = Breaker("MongoDB", engine.ping)
    breaker.report()
    breaker.report()
    for _ in range(50):
        assert breaker.is_away()
    assert engine.asked == 1
    clock.append(PAUSE_SECONDS)
    assert breaker.is_away()
    assert engine.asked == 2
    engine.works = True
    assert breaker.is_away()
    clock.append(PAUSE_SECONDS)
    assert not breaker.is_away()
    assert caplog.messages == [
        "MongoDB is away: requests that need it get a 503 until it is back",
        "MongoDB is back after 1.0 s",
    ]

"""MongoDB and Redis are killed, hang, are full or empty: nothing acknowledged is lost, and people get a clear page."""

import os
import signal

import pytest
import redis
import requests

from finbrain.tests.faults.conftest import new_people
from finbrain.tests.faults.site import STUCK_SECONDS, killed, running_site
from finbrain.tests.faults.traffic import AWAY, STORED, check, during, wait_for_tries, wait_until_met
from finbrain.tests.waiting import SECONDS, until


@pytest.fixture(scope="module")
def patient_site(engines, tmp_path_factory):
    """For faults that nobody who is signed in should notice."""
    with running_site(engines.addresses, tmp_path_factory.mktemp("patient"), patient=True) as found:
        yield found


@pytest.fixture
def pids(engines):
    """The process ids of the engines by name."""
    return lambda: {engine.name: child.pid for engine, child in engines._running}


def kill_and_revive(site, engines, *names):
    """A fault: kill -9 the engines, let people notice for a while, start them again."""

    def fault() -> float:
        with killed(engines, *names):
            wait_until_met(site.books)
        return site.seconds_until_back()

    return fault


def answer_of_readyz(site) -> int:
    return requests.get(f"{site.base}/readyz", timeout=STUCK_SECONDS).status_code


def hang(site, pids, *names):
    """A fault: the engines accept connections, but don't answer for a while."""

    def fault() -> float:
        frozen = [pids()[name] for name in names]
        for pid in frozen:
            os.kill(pid, signal.SIGSTOP)
        try:
            until(lambda: answer_of_readyz(site) == AWAY, "a site that is not ready")
            wait_until_met(site.books)
        finally:
            for pid in frozen:
                os.kill(pid, signal.SIGCONT)
        return site.seconds_until_back()

    return fault


@pytest.mark.parametrize(
    ("name", "engine_names"),
    [
        ("MongoDB kill -9", ["MongoDB"]),
        ("Redis kill -9", ["Valkey"]),
        ("both kill -9", ["MongoDB", "Valkey"]),
    ],
)
def test_killed_and_started_again(site, engines, people, name, engine_names):
    books = during(site, people, kill_and_revive(site, engines, *engine_names))
    check(name, site, people, books)
    assert sum(book.answers[AWAY] for book in books) > 0, "nobody met the fault"


@pytest.mark.parametrize(
    ("name", "engine_names"),
    [("MongoDB hangs", ["MongoDB"]), ("Redis hangs", ["Valkey"]), ("both hang", ["MongoDB", "Valkey"])],
)
def test_hanging(site, people, pids, name, engine_names):
    books = during(site, people, hang(site, pids, *engine_names))
    check(name, site, people, books)
    assert sum(book.answers[AWAY] for book in books) > 0, "nobody met the fault"


def test_the_page_keeps_what_was_typed(site, engines, people):
    ada = people[0]
    with killed(engines, "MongoDB"):
        answer = ada.post("/expenses/add/", title="<Tea> & cake", amount="4.50", currency="EUR", entry_key="key-of-tea")
        forged = ada.ask("POST", "/expenses/add/", data={"title": "words of another site"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (AWAY, "10")
    assert "Nothing is lost" in answer.text
    assert 'name="title" value="&lt;Tea&gt; &amp; cake"' in answer.text
    assert 'name="entry_key" value="key-of-tea"' in answer.text
    assert ada.slowest < STUCK_SECONDS
    assert forged.status_code == AWAY
    assert "words of another site" not in forged.text
    site.seconds_until_back()


def test_redis_is_flushed(patient_site, engines):
    """Everybody is signed out; nothing else is lost, and no sum is older than what was stored."""
    site = patient_site
    [ada] = new_people(site, 1)
    assert ada.add("before-the-flush") == STORED
    redis.Redis.from_url(engines.addresses["REDIS_URL"]).flushall()
    answer = ada.get("/expenses/?month=2026-08")
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, "/accounts/login/")
    assert site.found(ada.user_id) == ["before-the-flush"]
    site.seconds_until_back()


def test_redis_is_full(patient_site, engines):
    """Who is signed in goes on; signing in says to come back."""
    site, people = patient_site, new_people(patient_site)
    server = redis.Redis.from_url(engines.addresses["REDIS_URL"])

    def fault() -> float:
        server.config_set("maxmemory-policy", "noeviction")
        server.config_set("maxmemory", 1)
        try:
            assert people[0].get("/expenses/?month=2026-08").status_code == 200
            assert people[0].get("/dashboard/?month=2026-08").status_code == 200
            stranger = requests.post(f"{site.base}/accounts/demo/", timeout=SECONDS, allow_redirects=False)
            assert stranger.status_code in (403, AWAY)
            wait_for_tries(site.books, 5)
        finally:
            server.config_set("maxmemory", 0)
        return site.seconds_until_back()

    books = during(site, people, fault)
    check("Redis full (noeviction)", site, people, books)
    assert sum(book.answers[AWAY] for book in books) == 0

"""Sessions last while somebody is active, and cost as few cache calls as possible."""

import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.core.cache import caches
from redis.exceptions import OutOfMemoryError

from accounts.session.store import SessionStore

SESSION_LIFE = settings.SESSION_COOKIE_AGE


@pytest.fixture
def stored() -> SessionStore:
    session = SessionStore()
    session["colour"] = "teal"
    session.save()
    return SessionStore(session.session_key)


def shorten(session: SessionStore, seconds: int = 5) -> None:
    caches["sessions"].expire(session.cache_key, seconds)


def test_a_request_lets_the_session_live_on_with_two_calls(stored, count_cache):
    shorten(stored)
    with count_cache() as calls:
        assert stored["colour"] == "teal"
        stored.save()
    assert len(calls) == 2, calls.names
    assert stored.seconds_left() > SESSION_LIFE - 5


def test_looking_does_not_prolong(stored):
    shorten(stored)
    stored.keep_alive = False
    assert stored["colour"] == "teal"
    stored.save()
    assert stored.seconds_left() <= 5


def test_an_ended_session_does_not_come_back(stored):
    other_tab = SessionStore(stored.session_key)
    assert other_tab["colour"] == "teal"
    stored.delete()
    other_tab.save()
    assert not SessionStore().exists(stored.session_key)
    other_tab["colour"] = "red"
    with pytest.raises(UpdateError):
        other_tab.save()


def test_a_silent_cache_is_an_error_and_not_a_signed_out_person(stored, monkeypatch):
    def silent(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr(type(caches["sessions"]), "get", silent)
    with pytest.raises(ConnectionError):
        SessionStore(stored.session_key).load()


def test_a_full_server_costs_the_change_but_not_the_session(client_alice, monkeypatch):
    store = client_alice.session
    store["seen"] = 1

    def full(*args, **options):
        raise OutOfMemoryError

    monkeypatch.setattr(type(store._cache), "set", full)
    store.save()
    assert "seen" not in SessionStore(store.session_key).load()
    assert client_alice.get("/expenses/").status_code == 200

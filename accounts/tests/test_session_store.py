"""Sessions last while somebody is active, and cost as few cache calls as possible."""

import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.core.cache import caches
from redis.exceptions import OutOfMemoryError, ResponseError

from accounts.session.store import SessionStore
from finbrain.core.redis_client import Pipeline

SOON = 300  # seconds, of which a busy machine may take many
SESSION_LIFE, REMEMBERED = settings.SESSION_COOKIE_AGE, settings.ACCOUNT_SESSION_COOKIE_AGE


@pytest.fixture
def stored() -> SessionStore:
    session = SessionStore()
    session["colour"] = "teal"
    session.save()
    return SessionStore(session.session_key)


def shorten(session: SessionStore, seconds: int = SOON) -> None:
    caches["sessions"].expire(session.cache_key, seconds)


def test_a_request_lets_the_session_live_on_with_one_call(stored, count_cache):
    shorten(stored)
    with count_cache() as calls:
        assert stored["colour"] == "teal"
        stored.save()
    assert calls.names == ["GET+EXPIRE"]
    assert stored.seconds_left() > SESSION_LIFE - SOON


@pytest.mark.parametrize("again", [0, 60])
def test_a_session_written_a_moment_ago_costs_no_more(stored, count_cache, again):
    """In the same millisecond, it ends as late as it would after being extended."""
    caches["sessions"].expire(stored.cache_key, SESSION_LIFE + again)
    with count_cache() as calls:
        assert stored["colour"] == "teal"
        stored.save()
    assert calls.names == ["GET+EXPIRE"]


@pytest.mark.parametrize("left", [SOON, SESSION_LIFE + 60])
def test_a_remembered_session_lives_on_for_as_long_as_it_says(left):
    session = SessionStore()
    session.set_expiry(REMEMBERED)
    session.save()
    shorten(session, left)
    again = SessionStore(session.session_key)
    assert again.get_expiry_age() == REMEMBERED
    again.save()
    assert again.seconds_left() > REMEMBERED - SOON


def test_reading_never_shortens_a_remembered_session():
    session = SessionStore()
    session.set_expiry(REMEMBERED)
    session.save()
    assert SessionStore(session.session_key).load()
    assert session.seconds_left() > REMEMBERED - SOON


def test_a_server_that_refuses_to_extend_while_reading_is_asked_again(stored, monkeypatch):
    """As Redis before version 7 does."""
    whole = Pipeline.execute
    monkeypatch.setattr(
        Pipeline, "execute", lambda self, **options: [whole(self, **options)[0], ResponseError("syntax error")]
    )
    shorten(stored)
    assert stored["colour"] == "teal"
    caches["sessions"].expire(stored.cache_key, SOON)
    stored.save()
    assert stored.seconds_left() > SESSION_LIFE - SOON


def test_looking_does_not_prolong(stored):
    shorten(stored)
    stored.keep_alive = False
    assert stored["colour"] == "teal"
    stored.save()
    assert stored.seconds_left() <= SOON


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

    monkeypatch.setattr(Pipeline, "execute", silent)
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

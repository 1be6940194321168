"""An open tab keeps its person signed in, and can ask about the session without extending it."""

from django.conf import settings
from django.core.cache import caches
from django.test import Client

URL = "/accounts/heartbeat/"


def test_beating_prolongs_and_asking_does_not(client_alice):
    key = client_alice.session.cache_key
    caches["sessions"].expire(key, 50)
    asked = client_alice.get(URL)
    assert asked.status_code == 200
    assert 0 < asked.json()["expires_in"] <= 50
    beaten = client_alice.post(URL)
    assert beaten.json() == {"active": True, "expires_in": settings.SESSION_COOKIE_AGE}
    assert caches["sessions"].ttl(key) > 50


def test_signed_out_people_are_told_so(client, db):
    assert client.get(URL).status_code == 403
    assert client.post(URL).json() == {"active": False, "expires_in": 0}


def test_a_beat_needs_the_csrf_token(alice):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    assert strict.post(URL).status_code == 403

"""What a sign-in asks of MongoDB and Redis, and that it asks no more of people with many devices."""

from importlib import import_module

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import attempts
from accounts.session.signed_in_devices import count_devices
from conftest import PASSWORD
from finbrain.core.caches import redis_client

LOGIN = "/accounts/login/"


def sign_in(user, client: Client | None = None, **extra):
    return (client or Client()).post(LOGIN, {"login": user.email, "password": PASSWORD}, **extra)


@pytest.mark.parametrize("devices", [0, 20])
def test_a_sign_in_costs_the_same_with_any_number_of_devices(alice, devices, count_db, count_cache):
    add_ended(alice, devices)
    with count_db() as database, count_cache() as redis:
        assert sign_in(alice).status_code == 302
    assert len(database) <= 4, database.names
    assert len(redis) <= 6, redis.names


def test_counting_attempts_takes_one_call(rf, alice, count_cache):
    request = rf.post(LOGIN)
    with count_cache() as redis:
        attempt = attempts.count_password(request, alice.email)
    assert len(redis) == 1, redis.names
    with count_cache() as redis:
        attempt.rollback()
    assert len(redis) == 1, redis.names


def test_only_sign_ins_that_fail_use_up_the_attempts(alice):
    for _ in range(12):
        assert sign_in(alice).status_code == 302


def test_attempts_count_for_as_long_as_their_limit_says(rf, alice, monkeypatch):
    request, now = rf.post(LOGIN), 1_800_000_000.0
    monkeypatch.setattr(attempts, "time", lambda: now)
    allowed = [bool(attempts.count_password(request, alice.email)) for _ in range(6)]
    assert allowed == [True] * 5 + [False]
    now += 299
    assert not attempts.count_password(request, alice.email)
    now += 2
    assert attempts.count_password(request, alice.email)


@pytest.mark.parametrize("damage", [lambda client, key: client.set(key, "x"), lambda client, key: client.rpush(key, 1)])
def test_a_damaged_count_starts_again(rf, alice, damage):
    request, client = rf.post(LOGIN), redis_client()
    assert attempts.count_password(request, alice.email)
    [key, *_] = client.scan_iter(cache.make_key("*login_failed*"))
    client.delete(key)
    damage(client, key)
    assert attempts.count_password(request, alice.email)


def test_settings_count_the_devices_that_are_signed_in(alice):
    add_ended(alice, 20)
    browser = Client()
    sign_in(alice, browser)
    sign_in(alice)
    assert "2 devices" in browser.get(reverse("account_settings")).content.decode()
    assert UserSession.objects.filter(user=alice).count() == 2


def test_counting_devices_takes_three_calls(alice, count_db, count_cache):
    add_ended(alice, 20)
    with count_db() as database, count_cache() as redis:
        assert count_devices(alice.pk) == 0
    assert (len(database), len(redis)) == (2, 1), database.names


def test_a_session_that_nobody_can_check_is_kept(alice, monkeypatch):
    """Redis says which have ended. While it is away, nothing is deleted."""
    add_ended(alice, 2)
    monkeypatch.setattr("accounts.session.signed_in_devices.attempt", lambda *_: None)
    assert count_devices(alice.pk) == 2
    assert UserSession.objects.filter(user=alice).count() == 2


def add_ended(user, count: int) -> None:
    """Add the rows of sessions that have ended in Redis."""
    for number in range(count):
        key = f"{number:032}"
        import_module(settings.SESSION_ENGINE).SessionStore().delete(key)
        UserSession.objects.create(user=user, session_key=key, ip="192.0.2.1", last_seen_at=timezone.now())

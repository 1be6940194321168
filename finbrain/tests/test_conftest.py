"""The test machinery itself: isolation between tests, counting, and limits that a busy machine does not reach."""

import time

import pytest
from allauth.mfa.totp.internal.auth import generate_totp_secret, validate_totp_code
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connection
from django.utils import translation
from pymongo.collection import Collection
from pymongo.errors import NetworkTimeout

from accounts.tests.codes import code_for
from classifier import versions
from classifier.tests.small import small_artifact
from finbrain.tests import engines, isolation, patience
from finbrain.tests.waiting import until


@pytest.mark.parametrize("turn", ["first", "second"])
def test_nothing_is_left_of_another_test(db, turn):
    users = get_user_model().objects
    assert not users.exists()
    assert cache.get("left") is None
    assert connection.database["left_over"].count_documents({}) == 0
    users.create_user(f"{turn}@example.com", "secret")
    cache.set("left", turn)
    connection.database["left_over"].insert_one({"turn": turn})


@pytest.mark.parametrize("turn", ["first", "second"])
def test_the_language_of_another_test_is_not_left(client, turn):
    assert translation.get_language() == "en"
    client.get("/accounts/login/", headers={"accept-language": "he"})
    assert translation.get_language() == "he"


@pytest.mark.parametrize("turn", ["first", "second"])
def test_what_migrations_made_is_put_back(db, turn):
    types = connection.database["django_content_type"]
    assert types.count_documents({}) > 5
    types.delete_many({})


def test_alice_and_bob_are_signed_in_each_in_a_client_of_their_own(client_alice, client_bob, alice, bob):
    assert client_alice.session["_auth_user_id"] == str(alice.pk)
    assert client_bob.session["_auth_user_id"] == str(bob.pk)


def test_counts_commands_to_the_database(alice, count_db):
    with count_db() as calls:
        get_user_model().objects.get(email="alice@example.com")
        alice.save()
    assert calls.names == ["aggregate accounts_user", "update accounts_user"]


def test_counts_round_trips_to_the_cache(count_cache):
    cache.get("warm")
    with count_cache() as calls:
        cache.get("one")
        cache.set_many({"two": 2, "three": 3})
        cache.get_many(["two", "three"])
    assert [name.split()[0] for name in calls.names] == ["GET", "SET+SET", "MGET"]


def test_counting_ends_with_its_block(db, count_db, count_cache):
    with count_db() as commands, count_cache() as trips:
        pass
    get_user_model().objects.exists()
    cache.get("one")
    assert not commands.names
    assert not trips.names


def test_what_could_not_be_cleaned_up_is_gone_before_the_next_test(alice, monkeypatch):
    def fail(*args, **kwargs):
        raise NetworkTimeout("timed out")

    monkeypatch.setattr(Collection, "delete_many", fail)
    with pytest.raises(NetworkTimeout):
        isolation.restore()
    monkeypatch.undo()
    assert get_user_model().objects.get() == alice
    isolation.finish()
    assert not get_user_model().objects.exists()


def test_time_that_goes_by_costs_nothing(client_alice, count_db, monkeypatch):
    """No look for a new model or new rates comes between two pages, however slow the machine is."""
    versions.activate(versions.store_version(small_artifact(), {}, {}).number)

    def cost() -> list[str]:
        with count_db() as calls:
            for page in ("/expenses/", "/expenses/suggest/?title=tea"):
                client_alice.get(page)
        return calls.names

    cost()
    at_once = cost()
    later = time.monotonic() + 3600
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert cost() == at_once


def test_a_code_of_an_app_counts_until_a_busy_machine_has_sent_it(monkeypatch):
    secret = generate_totp_secret()
    code, later = code_for(secret), time.time() + 300
    monkeypatch.setattr(time, "time", lambda: later)
    assert validate_totp_code(secret, code)


def test_in_production_a_page_ends_within_the_three_seconds_that_people_wait():
    assert patience.IN_PRODUCTION.request + patience.IN_PRODUCTION.ping < 3


def test_in_production_a_new_model_is_noticed_within_half_a_minute():
    assert patience.IN_PRODUCTION.model <= 30


def test_processes_of_a_run_choose_from_ports_of_their_own(monkeypatch):
    monkeypatch.setenv("PYTEST_XDIST_WORKER_COUNT", "2")
    chosen = []
    for name in ("gw0", "gw1"):
        monkeypatch.setenv("PYTEST_XDIST_WORKER", name)
        chosen += engines.own_ports(range(20_000, 32_000))
    assert sorted(chosen) == list(range(20_000, 32_000))


def test_until_returns_what_it_waited_for_and_names_what_did_not_come():
    found = iter([None, "", "there"])
    assert until(lambda: next(found), "three looks", pause=lambda _: None) == "there"
    with pytest.raises(AssertionError, match="Waited 0 s for this: something that never comes"):
        until(lambda: False, "something that never comes", seconds=0)

"""The test machinery itself: isolation between tests, and counting."""

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connection


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

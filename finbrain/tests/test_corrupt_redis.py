"""What Redis returns is only used if FinBrain stored it: whatever else is there is dropped, and pages come anyway."""

import json

import pytest
import redis
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.core.cache import cache, caches
from django.test import Client

from conftest import PASSWORD
from expenses.tests.making import make_expense
from finbrain.core import tolerant_cache

PAGES = [
    "/expenses/?month=all",
    "/dashboard/",
    "/accounts/settings/",
    "/expenses/inbox/",
    "/accounts/settings/threshold/?threshold=80",
]
JUNK = [
    b"",
    b"\xff\x00",
    b"null",
    b"[]",
    b"{}",
    b'"text"',
    b"7",
    b"9" * 5000,
    b"[" * 3000,
    b'{"_auth_user_id": 1}',
    b"1e999",
]
SECRET_STATE = {"request": "{}", "callback": "os.getcwd", "state": {}}
server = redis.Redis.from_url(settings.REDIS_URL)


def walk(client):
    return [client.get(page) for page in PAGES]


def set_to_list(name):
    """Make the key one of another type, which Redis refuses to read as a value."""
    server.delete(name)
    server.rpush(name, "x")


def cached_names():
    return [name for name in server.scan_iter() if not name.startswith(b"s:")]


def session_name(client):
    return caches["sessions"].make_key(client.session.cache_key).encode()


@pytest.mark.parametrize("junk", [*JUNK, None], ids=repr)
def test_no_cached_value_but_our_own_is_used(client_alice, alice, junk):
    make_expense(alice)
    walk(client_alice)
    names = cached_names()
    assert len(names) >= 4
    for name in names:
        set_to_list(name) if junk is None else server.set(name, junk)
    pages = walk(client_alice)
    assert [page.status_code for page in pages] == [200] * len(PAGES)
    assert b"58.00" in pages[0].content


def test_a_value_of_another_key_is_not_used(client_alice, client_bob, alice, bob):
    make_expense(alice, "Secret of Alice")
    client_alice.get("/expenses/?month=all")
    [hers] = server.keys(b"*:page:*")
    client_bob.get("/expenses/?month=all")
    for name in server.keys(b"*:page:*"):
        server.set(name, server.get(hers))
    answer = client_bob.get("/expenses/?month=all")
    assert answer.status_code == 200
    assert b"Secret of Alice" not in answer.content
    assert b"Secret of Alice" in client_alice.get("/expenses/?month=all").content


def test_a_value_without_our_seal_is_deleted_so_that_add_can_store_another():
    name = cache.make_key("rates:state")
    server.set(name, b'["token", "2026-08-20"]')
    assert cache.get("rates:state", "nothing") == "nothing"
    assert cache.add("rates:state", [1, "x"])
    assert cache.get("rates:state") == [1, "x"]
    assert tolerant_cache.get_many(["rates:state", "other"]) == {"rates:state": [1, "x"]}


@pytest.mark.parametrize("junk", [*JUNK, None], ids=repr)
def test_what_counts_attempts_may_be_damaged(db, alice, junk):
    def attempt():
        return Client().post("/accounts/login/", {"login": alice.email, "password": PASSWORD})

    Client().post("/accounts/login/", {"login": alice.email, "password": "wrong"})
    names = cached_names()
    assert names
    for name in names:
        set_to_list(name) if junk is None else server.set(name, junk)
    assert attempt().status_code == 302


@pytest.mark.parametrize("junk", [*JUNK, None], ids=repr)
def test_a_damaged_session_signs_out(client_alice, junk):
    name = session_name(client_alice)
    set_to_list(name) if junk is None else server.set(name, junk)
    assert client_alice.get("/expenses/").status_code == 302
    assert client_alice.get("/accounts/login/").status_code == 200
    assert client_alice.get("/accounts/heartbeat/").status_code == 403


@pytest.mark.parametrize(
    ("part", "value"),
    [
        *((SESSION_KEY, value) for value in (1, None, [], "x" * 24, {}, "0" * 23)),
        *((HASH_SESSION_KEY, value) for value in (1, None, [], "\ud800")),
        *(("_session_expiry", value) for value in ("x", [], -1, 10**30, True, "2026-08-20")),
        *(
            ("_messages", value)
            for value in ("[", "{}", [[]], 7, '[["__json_message"]]', '[["__json_message", 0, "x", 1]]')
        ),
        *(("seen", value) for value in (7, [], ["x"], ["x", "y"], {"a": 1})),
        *(("account_authentication_methods", value) for value in (7, "x", [7], [{}], [{"at": "x"}])),
        *(("account_reauthentication_state", value) for value in (7, SECRET_STATE, {"request": 1}, {"callback": 1})),
        *(("account_login", value) for value in (7, {}, {"initiated_at": "x"}, {"initiated_at": 1, "state": []})),
        *(("mfa.totp.secret", value) for value in (7, [], "\x00")),
        *(("mfa.webauthn.state", value) for value in (7, [], {}, {"challenge": 1})),
    ],
)
def test_a_session_of_another_shape_signs_out(client_alice, part, value):
    name = session_name(client_alice)
    stored = json.loads(server.get(name))
    server.set(name, json.dumps(stored | {part: value}))
    assert client_alice.get("/expenses/").status_code == 302
    assert client_alice.get("/accounts/login/").status_code == 200


def test_a_session_with_another_persons_id_signs_out(client_alice, bob):
    name = session_name(client_alice)
    server.set(name, json.dumps(json.loads(server.get(name)) | {SESSION_KEY: str(bob.pk)}))
    assert client_alice.get("/expenses/").status_code == 302


def test_sessions_of_every_kind_keep_their_shape(client_alice, alice):
    """Signing in, asking for a second step, a suspended form and a message leave sessions that stay."""
    client = Client()
    client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD, "remember": "on"})
    client.post("/expenses/several/", {})
    client.get("/accounts/2fa/totp/activate/")
    client.get("/accounts/2fa/webauthn/add/")
    assert client.get("/expenses/").status_code == 200
    assert client.session[SESSION_KEY] == str(alice.pk)

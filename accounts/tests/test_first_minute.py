"""The first minute: where people land, what they are asked, and what they aren't."""

import re
import time

import pytest
from allauth.mfa.totp.internal import auth as totp_auth
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client

from accounts.tests.codes import code_for
from conftest import PASSWORD

FIELDS = {"first_name": "Ann", "last_name": "Lee", "email": "ann@example.com"}
SIGN_UP = FIELDS | {"password1": PASSWORD, "password2": PASSWORD}
FIRST_PAGE = "/expenses/#add"
ASKING = ("/accounts/2fa/totp/activate/", "/accounts/email/", "/accounts/delete/")

pytestmark = pytest.mark.django_db


def sign_up(client: Client, **fields):
    return client.post("/accounts/signup/", SIGN_UP | fields)


def confirm(client: Client):
    return client.post(re.search(r"/accounts/confirm-email/\S+", mail.outbox[-1].body)[0])


def sign_in(client: Client, **fields):
    return client.post("/accounts/login/", {"login": "alice@example.com", "password": PASSWORD, **fields})


def test_a_new_person_lands_in_the_list_with_one_sentence(client):
    assert sign_up(client).url == FIRST_PAGE
    page = client.get("/expenses/").content.decode()
    assert "Type what you paid for and the amount" in page
    assert 'class="toast"' not in page
    assert client.get("/").url == FIRST_PAGE, "there is nothing to see on the dashboard yet"
    client.post("/expenses/add/", {"title": "Taxi home 58", "entry_key": "a" * 24, "spent_on": "2026-11-01"})
    assert client.get("/").status_code == 200


def test_after_the_link_in_the_email_as_well(client, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    sign_up(client)
    assert confirm(client).url == FIRST_PAGE
    assert [client.get(path).status_code for path in ASKING] == [200, 200, 200]


def test_nobody_is_asked_who_they_are_right_after_a_password(client, alice):
    sign_in(client)
    assert [client.get(path).status_code for path in ASKING] == [200, 200, 200]
    new = Client()
    sign_up(new)
    assert [new.get(path).status_code for path in ASKING] == [200, 200, 200]
    kept = Client()
    kept.post("/accounts/demo/")
    kept.post("/accounts/demo/keep/", SIGN_UP | {"email": "kept@example.com"})
    assert [kept.get(path).status_code for path in ASKING] == [200, 200, 200]


def test_later_they_are_asked(client, alice, monkeypatch):
    sign_in(client)
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 3600)
    assert {client.get(path).url.partition("?")[0] for path in ASKING} == {"/accounts/reauthenticate/"}


@pytest.mark.parametrize("verified", ["mandatory", "none"])
def test_sharing_corrections_is_off_until_somebody_says_yes(client, settings, verified):
    settings.ACCOUNT_EMAIL_VERIFICATION = verified
    page = client.get("/accounts/signup/").content.decode()
    question = re.search(r"<input[^>]*share_feedback[^>]*>", page)[0]
    assert "checked" not in question
    sign_up(client)
    sign_up(Client(), email="bea@example.com", share_feedback="on")
    people = get_user_model().objects
    assert people.get(email="ann@example.com").share_feedback is False
    assert people.get(email="bea@example.com").share_feedback is True


def test_a_kept_demo_is_asked_too(client):
    client.post("/accounts/demo/")
    client.post("/accounts/demo/keep/", SIGN_UP | {"share_feedback": "on"})
    assert get_user_model().objects.get().share_feedback is True


def cursor(client: Client, path: str, data: dict | None = None) -> list[str]:
    answer = client.get(path, follow=True) if data is None else client.post(path, data)
    found = re.findall(r"<input[^>]*>", answer.content.decode())
    return [re.search(r'name="(\w+)"', field)[1] for field in found if "autofocus" in field]


def test_the_cursor_is_where_typing_begins(client, alice, client_alice):
    assert cursor(client, "/accounts/signup/") == ["first_name"]
    assert cursor(client, "/accounts/login/") == ["login"]
    assert cursor(client, "/accounts/login/", {"login": "alice@example.com", "password": "wrong"}) == ["password"]
    assert cursor(client, "/accounts/password/reset/") == ["email"]
    assert cursor(client_alice, "/accounts/delete/") == ["password"]
    client_alice.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert cursor(client_alice, "/accounts/2fa/totp/activate/") == ["code"]
    assert cursor(client_alice, "/accounts/password/change/") == ["oldpassword"]


def confirmed_sign_up(client: Client, settings, **fields) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    sign_up(client, **fields)
    confirm(client)


def kept_demo(client: Client, _settings, **fields) -> None:
    client.post("/accounts/demo/")
    client.post("/accounts/demo/keep/", SIGN_UP | fields)


def second_step(client: Client, _settings, **fields) -> None:
    alice = get_user_model().objects.create_user("alice@example.com", PASSWORD)
    secret = totp_auth.generate_totp_secret()
    totp_auth.TOTP.activate(alice, secret)
    assert sign_in(client, **fields).url == "/accounts/2fa/authenticate/"
    client.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})


WAYS = [lambda client, _settings, **fields: sign_up(client, **fields), confirmed_sign_up, kept_demo, second_step]


@pytest.mark.parametrize("way", WAYS, ids=["sign-up", "confirmed", "kept demo", "second step"])
@pytest.mark.parametrize("ticked", [True, False])
def test_the_tick_counts_however_one_gets_in(client, settings, way, ticked):
    way(client, settings, **({"remember": "on"} if ticked else {}))
    assert client.get("/expenses/").status_code == 200
    age = settings.ACCOUNT_SESSION_COOKIE_AGE if ticked else settings.SESSION_COOKIE_AGE
    assert client.session.get_expiry_age() == age
    assert bool(client.cookies["sessionid"]["max-age"]) is ticked


def test_staying_signed_in_is_ticked_and_explained(client, alice, settings):
    page = client.get("/accounts/login/").content.decode()
    assert "checked" in re.search(r'<input[^>]*name="remember"[^>]*>', page)[0]
    assert "For 30 days. Untick it on a shared device" in page
    sign_in(client, remember="on")
    assert client.session.get_expiry_age() == settings.ACCOUNT_SESSION_COOKIE_AGE
    assert 'id="session"' not in client.get("/expenses/").content.decode()
    other = Client()
    sign_in(other)
    assert other.session.get_expiry_age() == settings.SESSION_COOKIE_AGE
    assert 'id="session"' in other.get("/expenses/").content.decode()

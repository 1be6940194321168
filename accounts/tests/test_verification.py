"""With verification, as in production: no sign-in before the link is opened, no hint about who has an account."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.core import mail

from conftest import PASSWORD

FIELDS = {"first_name": "Ann", "last_name": "Lee", "email": "ann@example.com", "password1": PASSWORD}


@pytest.fixture(autouse=True)
def _verified(settings, db):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


def sign_up(client, **fields):
    return client.post("/accounts/signup/", {**FIELDS, "password2": PASSWORD, **fields})


def link() -> str:
    return re.search(r"/accounts/confirm-email/\S+", mail.outbox[-1].body)[0]


def test_from_sign_up_to_the_first_page(client):
    assert sign_up(client).url == "/accounts/confirm-email/"
    assert client.get("/expenses/").status_code == 302
    assert client.post("/accounts/login/", {"login": "ann@example.com", "password": PASSWORD}).status_code == 302
    assert client.get("/expenses/").status_code == 302
    url = link()
    assert "Is this address yours?" in client.get(url).content.decode()
    client.post(url)
    if "_auth_user_id" not in client.session:
        client.post("/accounts/login/", {"login": "ann@example.com", "password": PASSWORD})
    assert client.get("/expenses/").status_code == 200


def test_the_email_names_nobody(client):
    """A name could carry a spam message to a stranger."""
    sign_up(client, first_name="Win a prize at evil.example")
    assert "evil.example" not in mail.outbox[-1].body


def test_a_second_sign_up_looks_like_the_first_and_tells_the_owner(client, settings):
    settings.ACCOUNT_RATE_LIMITS = False  # which allow one such email in three minutes
    first = sign_up(client)
    second = sign_up(client, first_name="Mallory")
    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert get_user_model().objects.get().first_name == "Ann"
    assert "it already has an account" in mail.outbox[-1].body


def test_asking_for_a_new_password_never_tells_who_has_an_account(client, alice):
    known = client.post("/accounts/password/reset/", {"email": alice.email})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.com"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert "no FinBrain account" in mail.outbox[-1].body


def test_a_used_link_says_so(client):
    sign_up(client)
    url = link()
    client.post(url)
    assert "This link has already been used" in client.get(url).content.decode()

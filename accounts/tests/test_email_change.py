"""Changing the email needs a fresh confirmation of identity and, where emails are verified, a link."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.core import mail

from accounts import email_change
from conftest import PASSWORD

URL = "/accounts/email/"
NEW = "alice@new.example"


@pytest.fixture
def confirmed(client_alice):
    """Alice, who has just confirmed her identity."""
    asked = client_alice.get(URL)
    assert asked.url == f"/accounts/reauthenticate/?next={URL.replace('/', '%2F')}"
    assert client_alice.post(asked.url, {"password": PASSWORD}).url == URL
    return client_alice


@pytest.fixture
def verified(settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


def link() -> str:
    return re.search(r"/accounts/email/confirm/\S+", mail.outbox[-1].body)[0]


def test_changing_needs_proof_of_who_asks(client_alice, alice):
    assert client_alice.post(URL, {"email": NEW}).url == URL
    asked = client_alice.get(URL)
    client_alice.post(asked.url, {"password": PASSWORD})
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"


def test_without_verification_it_counts_at_once_and_the_old_address_is_told(confirmed, alice):
    assert confirmed.post(URL, {"email": "Alice@NEW.example"}).status_code == 302
    alice.refresh_from_db()
    assert alice.email == NEW
    address = EmailAddress.objects.get(user_id=alice.pk)
    assert (address.email, address.primary, address.verified) == (NEW, True, False)
    assert mail.outbox[-1].to == ["alice@example.com"]
    assert NEW in mail.outbox[-1].body


def test_with_verification_it_counts_when_the_link_was_opened(confirmed, alice, client, verified):
    confirmed.post(URL, {"email": NEW})
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"
    assert mail.outbox[-1].to == [NEW]
    url = link()
    assert client.get(url).status_code == 200
    alice.refresh_from_db()
    assert alice.email == "alice@example.com", "opening a link must not do anything yet"
    client.post(url)
    alice.refresh_from_db()
    assert alice.email == NEW
    assert EmailAddress.objects.get(user_id=alice.pk).verified


def test_a_link_works_once(confirmed, alice, client, verified):
    confirmed.post(URL, {"email": NEW})
    url = link()
    client.post(url)
    get_user_model().objects.filter(pk=alice.pk).update(email="alice@third.example")
    assert client.post(url).status_code == 410
    alice.refresh_from_db()
    assert alice.email == "alice@third.example"


def test_an_old_or_forged_link_does_nothing(client, alice, confirmed, verified, monkeypatch):
    confirmed.post(URL, {"email": NEW})
    url = link()
    assert client.get(url[:-2] + "xx/").status_code == 410
    monkeypatch.setattr(email_change, "LIFE_SECONDS", -1)
    assert client.post(url).status_code == 410
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"


def test_an_unproven_address_resets_nobodys_password(client, alice, confirmed, verified):
    """If Alice mistypes her new email, its owner must not get into her account."""
    confirmed.post(URL, {"email": NEW})
    client.post("/accounts/password/reset/", {"email": NEW})
    assert "/reset/key/" not in mail.outbox[-1].body


def test_a_taken_address_is_said_where_everybody_may_know(confirmed, alice, bob):
    answer = confirmed.post(URL, {"email": bob.email})
    assert answer.status_code == 422
    assert answer.context["form"].errors["email"]


def test_a_taken_address_is_told_to_its_owner_only_where_addresses_are_verified(confirmed, alice, bob, verified):
    answer = confirmed.post(URL, {"email": bob.email})
    assert answer.url == "/accounts/settings/"
    assert mail.outbox[-1].to == [bob.email]
    assert "/email/confirm/" not in mail.outbox[-1].body


def test_an_address_that_was_taken_in_the_meantime_is_not_given(confirmed, alice, client, verified):
    confirmed.post(URL, {"email": NEW})
    url = link()
    get_user_model().objects.create_user(NEW, PASSWORD)
    assert client.post(url).status_code == 410
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"


SAME = ("alice@example.com", "ALICE@EXAMPLE.COM")


@pytest.mark.parametrize("email", ["", "x", *SAME, "x" * 300 + "@a.example", "a\x00@b.example"])
def test_bad_addresses(confirmed, email):
    answer = confirmed.post(URL, {"email": email})
    assert answer.status_code == 422
    assert answer.context["form"].errors["email"]

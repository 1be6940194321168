"""The list of sessions shows device, address and last use, without a write at every request."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from accounts.devices import device_name
from accounts.session import last_use as activity
from conftest import PASSWORD

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1"
)


def signed_in(email: str = "alice@example.com", **headers) -> Client:
    client = Client(**headers)
    client.post("/accounts/login/", {"login": email, "password": PASSWORD})
    return client


@pytest.fixture
def two(alice):
    return signed_in(HTTP_USER_AGENT=FIREFOX), signed_in(HTTP_USER_AGENT=IPHONE, REMOTE_ADDR="2001:db8::7")


def test_every_session_is_listed_with_device_and_address(two):
    page = two[0].get("/accounts/sessions/").content.decode()
    assert page.count("data-session") == 2
    assert "Firefox on Linux" in page
    assert "Mobile Safari on iPhone" in page
    assert "2001:db8::7" in page
    assert page.count("This device") == 1


def test_signing_out_the_others(two, bob):
    stranger = signed_in(bob.email)
    laptop, phone = two
    laptop.post("/accounts/sessions/")
    assert phone.get("/expenses/").status_code == 302
    assert laptop.get("/expenses/").status_code == 200
    assert stranger.get("/expenses/").status_code == 200
    assert UserSession.objects.filter(user__email="alice@example.com").count() == 1


def test_requests_within_five_minutes_write_nothing(alice, count_db):
    client = signed_in()
    client.get("/accounts/heartbeat/")
    with count_db() as calls:
        client.post("/accounts/heartbeat/")
    assert not {"update", "insert"} & set(calls.names), calls.names


def test_use_is_recorded_again_after_five_minutes(alice, monkeypatch):
    client = signed_in()
    before = timezone.now() - timedelta(hours=1)
    UserSession.objects.update(last_seen_at=before)
    client.post("/accounts/heartbeat/")
    assert UserSession.objects.get().last_seen_at == pytest.approx(before, abs=timedelta(seconds=1))
    monkeypatch.setattr(activity, "EVERY_SECONDS", 0)
    client.post("/accounts/heartbeat/")
    assert UserSession.objects.get().last_seen_at > before + timedelta(minutes=50)


def test_asking_whether_one_is_signed_in_is_no_use(alice, monkeypatch):
    client = signed_in()
    monkeypatch.setattr(activity, "EVERY_SECONDS", 0)
    before = UserSession.objects.get().last_seen_at
    client.get("/accounts/heartbeat/")
    assert UserSession.objects.get().last_seen_at == before


def test_a_demo_is_listed_too(client, db):
    client.post("/accounts/demo/")
    client.get("/expenses/")
    assert UserSession.objects.get().user == get_user_model().objects.get()


def test_a_change_of_password_signs_the_others_out_and_keeps_this_device(two):
    laptop, phone = two
    new = "seven calm herons by the lake"
    changed = laptop.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert changed.status_code == 302
    assert laptop.get("/expenses/").status_code == 200
    assert phone.get("/expenses/").status_code == 302
    assert laptop.get("/accounts/sessions/").content.decode().count("data-session") == 1


@pytest.mark.parametrize("agent", ["", "curl/8.5", "x" * 500, "\U0001f986"])
def test_any_user_agent_has_a_name(agent):
    assert device_name(agent)

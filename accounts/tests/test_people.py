"""Password hashes, superusers, language and theme, and what a demo may not do."""

import ast
import os
import subprocess
import sys
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import PBKDF2PasswordHasher, identify_hasher
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.hashers import OwaspArgon2PasswordHasher
from conftest import PASSWORD


def test_the_default_costs_are_those_of_owasp(settings):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ARGON2")}
    environment["FINBRAIN_ENV"] = "development"
    command = [sys.executable, "-c", "from django.conf import settings; print(settings.ARGON2)"]
    environment["DJANGO_SETTINGS_MODULE"] = "finbrain.settings"
    answer = subprocess.check_output(command, env=environment, cwd=settings.BASE_DIR, text=True)
    assert ast.literal_eval(answer) == {"time_cost": 2, "memory_cost": 19 * 1024, "parallelism": 1}


@pytest.mark.parametrize("costs", [{"time_cost": 2, "memory_cost": 16}, None])
def test_hashes_are_upgraded_at_sign_in(alice, client, costs):
    if costs:
        old = OwaspArgon2PasswordHasher()
        for name, value in costs.items():
            setattr(old, name, value)
        alice.password = old.encode(PASSWORD, old.salt())
    else:
        alice.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt", 1000)
    alice.save()
    client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    alice.refresh_from_db()
    hasher = identify_hasher(alice.password)
    assert isinstance(hasher, OwaspArgon2PasswordHasher)
    assert not hasher.must_update(alice.password)
    assert "$argon2id$" in alice.password


def test_createsuperuser_asks_for_the_email_and_opens_the_admin(db, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", email="Root@Example.com", interactive=False, stdout=StringIO())
    root = get_user_model().objects.get(email="root@example.com")
    assert root.is_superuser
    client = Client()
    asked = client.get("/admin/")
    assert client.get(asked.url).url == "/accounts/login/?next=%2Fadmin%2F"
    answer = client.post("/accounts/login/?next=/admin/", {"login": "ROOT@example.com", "password": PASSWORD})
    assert answer.url == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_the_same_address_is_no_second_superuser(db, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", email="root@example.com", interactive=False, stdout=StringIO())
    with pytest.raises(CommandError):
        call_command("createsuperuser", email="root@example.com", interactive=False, stdout=StringIO())


def test_the_admins_own_form_is_no_way_round_the_second_step(alice, client):
    answer = client.post("/admin/login/", {"username": alice.email, "password": PASSWORD})
    assert answer.url.startswith("/accounts/login/")


def test_the_chosen_language_wins_over_the_browsers(alice):
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(alice)
    assert 'lang="en"' in client.get("/accounts/settings/").content.decode()
    get_user_model().objects.filter(pk=alice.pk).update(language="he")
    page = client.get("/accounts/settings/").content.decode()
    assert 'lang="he" dir="rtl"' in page


def test_a_new_device_takes_language_and_theme_over(alice):
    get_user_model().objects.filter(pk=alice.pk).update(language="he", theme="dark")
    client = Client()
    client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    client.post("/accounts/logout/")
    page = client.get("/").content.decode()
    assert 'lang="he"' in page
    assert 'data-theme="dark"' in page


DEMO_PATHS = ("/accounts/email/", "/accounts/password/change/", "/accounts/password/set/", "/accounts/2fa/")


@pytest.mark.parametrize("path", [*DEMO_PATHS, "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/"])
def test_a_demo_is_led_to_keeping_it(client, db, path):
    client.post("/accounts/demo/")
    assert client.get(path).url == "/accounts/demo/keep/"
    assert client.post(path).url == "/accounts/demo/keep/"

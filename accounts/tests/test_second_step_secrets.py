"""The secrets of second steps are encrypted in the database, work as before, and survive a new SECRET_KEY."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings as current
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client

from accounts import second_step_secrets
from accounts.tests.codes import code_for
from conftest import PASSWORD
from finbrain.core.past_the_orm import collection

SECRET = "JBSWY3DPEHPK3PXP"
SEED = "0123456789abcdef" * 5
NEW_KEY = "another key " * 6


@pytest.fixture
def app(alice) -> Authenticator:
    return TOTP.activate(alice, SECRET).instance


@pytest.fixture
def plain_app(alice) -> Authenticator:
    """As an earlier release stored it."""
    return Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={"secret": SECRET})


def stored() -> str:
    """All that the database holds about sign-in methods."""
    return str(list(collection(Authenticator).find()))


def signs_in(person) -> bool:
    cache.clear()  # which knows the codes that were used
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    return client.post("/accounts/2fa/authenticate/", {"code": code_for(SECRET)}).status_code == 302


def test_the_secret_of_an_app_is_stored_encrypted_and_its_codes_work(app, alice):
    assert SECRET not in stored()
    assert signs_in(alice)


def test_recovery_codes_are_stored_encrypted_and_work(alice, monkeypatch):
    monkeypatch.setattr(RecoveryCodes, "generate_seed", lambda: SEED)
    codes = RecoveryCodes.activate(alice)
    assert SEED not in stored()
    assert codes.validate_code(codes.get_unused_codes()[0])
    assert len(codes.get_unused_codes()) == 9


def test_what_an_earlier_release_stored_works_and_is_encrypted_later(plain_app, alice):
    assert signs_in(alice)
    assert SECRET in stored()
    assert second_step_secrets.encrypt_all() == 1
    assert SECRET not in stored()
    assert signs_in(alice)
    assert second_step_secrets.encrypt_all() == 0


def test_the_same_secret_never_looks_the_same():
    assert second_step_secrets.encrypt(SECRET) != second_step_secrets.encrypt(SECRET)


def test_a_new_secret_key_takes_over_while_the_earlier_one_is_a_fallback(app, alice, settings):
    settings.SECRET_KEY_FALLBACKS = [current.SECRET_KEY]
    settings.SECRET_KEY = NEW_KEY
    assert signs_in(alice)
    assert second_step_secrets.encrypt_all() == 1
    settings.SECRET_KEY_FALLBACKS = []
    assert signs_in(alice)


def test_people_stay_signed_in_while_the_earlier_secret_key_is_a_fallback(client_alice, client_bob, settings):
    earlier, settings.SECRET_KEY = current.SECRET_KEY, NEW_KEY
    assert client_alice.get("/expenses/").status_code == 302
    settings.SECRET_KEY_FALLBACKS = [earlier]
    assert client_bob.get("/expenses/").status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert client_bob.get("/expenses/").status_code == 200


def test_a_secret_key_that_is_missing_is_reported_and_nothing_is_lost(app, alice, bob, settings):
    Authenticator.objects.create(user=bob, type=Authenticator.Type.TOTP, data={"secret": SECRET})
    earlier, settings.SECRET_KEY = current.SECRET_KEY, NEW_KEY
    with pytest.raises(ImproperlyConfigured, match="Add that key to SECRET_KEY_FALLBACKS"):
        second_step_secrets.encrypt_all()
    assert SECRET not in stored()
    with pytest.raises(ImproperlyConfigured):
        second_step_secrets.decrypt(Authenticator.objects.get(user=alice).data["secret"])
    settings.SECRET_KEY_FALLBACKS = [earlier]
    assert signs_in(alice)
    assert signs_in(bob)


def test_before_a_rollback_secrets_become_what_the_earlier_release_reads(app, alice, capsys):
    call_command("second_steps", "--decrypt")
    assert Authenticator.objects.get().data["secret"] == SECRET
    call_command("second_steps")
    assert SECRET not in stored()
    assert capsys.readouterr().out == "1 secrets decrypted.\n1 secrets encrypted.\n"

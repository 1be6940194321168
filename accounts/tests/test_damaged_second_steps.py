"""A second step that can't be read opens nothing: it is shown as damaged, and can be mended."""

import json
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.tests.codes import code_for, passkey_credential
from conftest import PASSWORD
from finbrain.core.past_the_orm import collection
from finbrain.tests import odd_values

SECRET = "JBSWY3DPEHPK3PXP"
TYPES = ("totp", "recovery_codes", "webauthn")
GONE = object()
WRONG = (GONE, None, "", "pets", ["x"], -7, 1e300, {"x": 1}, True, "gAAAAcut", "A" * 8)
# Where a document is damaged: its columns, and what is in its data.
PLACES = {
    "totp": ("type", "data", "data.secret"),
    "recovery_codes": ("type", "data", "data.seed", "data.used_mask"),
    "webauthn": ("type", "data", "data.credential", "data.credential.response", "data.credential.id"),
}


@pytest.fixture(autouse=True)
def _without_limits(settings):
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.fixture
def protected(alice):
    """Alice with an authenticator app, recovery codes and a passkey."""
    EmailAddress.objects.create(user=alice, email=alice.email, primary=True, verified=True)
    TOTP.activate(alice, SECRET)
    RecoveryCodes.activate(alice)
    data = {"name": "Phone", "credential": passkey_credential()}
    Authenticator.objects.create(user=alice, type=Authenticator.Type.WEBAUTHN, data=data)
    return alice


def only(*kinds: str) -> None:
    Authenticator.objects.exclude(type__in=kinds).delete()


def damage(kind: str, place: str, value: object) -> None:
    change = {"$unset": {place: ""}} if value is GONE else {"$set": {place: value}}
    assert collection(Authenticator).update_one({"type": kind}, change).matched_count == 1


def half_signed_in() -> Client:
    """A client that has sent the right password."""
    client = Client()
    client.post("/accounts/login/", {"login": "alice@example.com", "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get("/expenses/").status_code == 200


def codes_of_nothing() -> list[str]:
    """The codes of secrets that are empty or cut."""
    return [format_hotp_value(hotp_value(secret, 0)) for secret in ("", "A" * 8)] + [code_for(""), code_for("A" * 8)]


@pytest.mark.parametrize(("kind", "place"), [(kind, place) for kind in TYPES for place in PLACES[kind]])
def test_whatever_is_damaged_the_password_alone_opens_nothing(protected, kind, place):
    only(kind)
    whole = collection(Authenticator).find_one({"type": kind})
    for value in WRONG:
        damage(kind, place, value)
        client = half_signed_in()
        assert not is_in(client), value
        page = client.get("/accounts/2fa/authenticate/")
        assert page.status_code == 200, value
        for code in ("", "000000", *codes_of_nothing()):
            assert client.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 200, value
        answer = client.post("/accounts/2fa/authenticate/", {"credential": json.dumps(passkey_credential())})
        assert answer.status_code == 200, value
        assert not is_in(client), value
        collection(Authenticator).replace_one({"_id": whole["_id"]}, whole)


@pytest.mark.parametrize("place", PLACES["totp"])
def test_with_a_damaged_app_a_recovery_code_opens_the_account_and_the_app_is_mended(protected, place, monkeypatch):
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    only("totp", "recovery_codes")
    damage("totp", place, "pets")
    client = half_signed_in()
    assert b"read some of your second steps" in client.get("/accounts/2fa/authenticate/").content
    client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert is_in(client)
    assert b"Damaged second steps" in client.get("/accounts/2fa/").content
    later = time.time() + 600  # so that the password counts no longer
    monkeypatch.setattr("time.time", lambda: later)
    assert client.post("/accounts/2fa/damaged/").url == "/accounts/2fa/damaged/"
    assert client.get("/accounts/2fa/damaged/").url.startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.get("/accounts/2fa/damaged/").status_code == 200
    assert client.post("/accounts/2fa/damaged/").url == "/accounts/2fa/"
    assert not Authenticator.objects.exists()
    assert "couldn't read" in mail.outbox[-1].body
    assert mail.outbox[-1].to == ["alice@example.com"]


def test_only_what_is_damaged_is_removed(protected):
    damage("webauthn", "data.credential", "pets")
    client = half_signed_in()
    client.post("/accounts/2fa/authenticate/", {"code": code_for(SECRET)})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/2fa/damaged/")
    assert {method.type for method in Authenticator.objects.all()} == {"totp", "recovery_codes"}


def test_damaged_recovery_codes_are_replaced_on_their_own_page(protected):
    damage("recovery_codes", "data", ["x"])
    client = half_signed_in()
    client.post("/accounts/2fa/authenticate/", {"code": code_for(SECRET)})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.post("/accounts/2fa/recovery-codes/generate/").status_code == 302
    assert len(Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()) == 10


def test_a_passkey_without_a_name_works_and_gets_a_new_one(protected):
    damage("webauthn", "data.name", ["x"])
    client = half_signed_in()
    client.post("/accounts/2fa/authenticate/", {"code": code_for(SECRET)})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert b"Damaged" not in client.get("/accounts/2fa/webauthn/").content
    key = Authenticator.objects.get(type="webauthn").pk
    client.post(f"/accounts/2fa/webauthn/keys/{key}/edit/", {"name": "Laptop"})
    assert str(Authenticator.objects.get(type="webauthn")) == "Laptop"


def test_recovery_codes_that_are_all_that_is_left_are_asked_for(protected):
    only("recovery_codes")
    client = half_signed_in()
    assert not is_in(client)
    code = Authenticator.objects.get().wrap().get_unused_codes()[0]
    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert is_in(client)


@pytest.mark.parametrize("how", ["page", "list"])
def test_an_administrator_sees_what_is_damaged_and_removes_it_with_its_codes(protected, admin_client, how):
    only("totp", "recovery_codes")
    damage("totp", "data.secret", "pets")
    changelist = reverse("admin:mfa_authenticator_changelist")
    app = Authenticator.objects.get(type="totp").pk
    assert b"Works" in admin_client.get(changelist).content
    if how == "page":
        admin_client.post(reverse("admin:mfa_authenticator_delete", args=[app]), {"post": "yes"})
    else:
        chosen = {"action": "delete_selected", "_selected_action": [str(app)], "post": "yes"}
        admin_client.post(changelist, chosen)
    assert not Authenticator.objects.exists()
    assert is_in(half_signed_in())


def test_a_passkeys_answer_of_another_shape_is_a_wrong_one(protected):
    client = half_signed_in()
    for credential in odd_values.CREDENTIALS:
        answer = client.post("/accounts/2fa/authenticate/", {"credential": json.dumps(credential)})
        assert answer.status_code == 200, credential
    assert not is_in(client)

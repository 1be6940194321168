"""The links in emails about the account: whoever reads the owner's inbox gets the account back from a thief."""

import json
from itertools import permutations
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib.auth import get_user_model
from django.test import Client

from accounts import stop_links
from accounts.tests.codes import code_for, passkey_credential
from accounts.tests.emailed import (
    NEW_PASSWORD,
    THIEF,
    add_app,
    ask_for_change,
    ask_for_reset,
    emails_to,
    link_in,
    set_password,
    sign_in,
    stop_link,
    use_reset,
)
from conftest import PASSWORD
from finbrain.core.past_the_orm import collection

OWNER = "alice@example.com"
THIEFS_PASSWORD = "mine now and for ever after"
SIGN_UP = {"first_name": "Ann", "last_name": "", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture(autouse=True)
def _verified(settings, db):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


@pytest.fixture
def owner(alice):
    """Alice, whose email is verified."""
    EmailAddress.objects.create(user=alice, email=alice.email, primary=True, verified=True)
    return alice


class Thief:
    """Somebody who knows the password and has signed in with it."""

    def __init__(self, user, monkeypatch) -> None:
        self.user, self.password, self.monkeypatch = user, PASSWORD, monkeypatch
        self.client = sign_in(Client(), user)
        self.confirm()

    def confirm(self) -> None:
        self.client.post("/accounts/reauthenticate/", {"password": self.password})

    def app(self) -> None:
        self.client.get("/accounts/2fa/totp/activate/")
        code = code_for(self.client.session[SECRET_SESSION_KEY])
        assert self.client.post("/accounts/2fa/totp/activate/", {"code": code}).status_code == 302

    def passkey(self) -> None:
        made = SimpleNamespace(is_user_verified=lambda: True)
        self.monkeypatch.setattr(webauthn, "complete_registration", lambda credential: made)
        sent = {"credential": json.dumps(passkey_credential()), "name": "Phone"}
        assert self.client.post("/accounts/2fa/webauthn/add/", sent).status_code == 302

    def codes(self) -> None:
        assert self.client.post("/accounts/2fa/recovery-codes/generate/").status_code == 302

    def change_password(self) -> None:
        sent = {"oldpassword": self.password, "password1": THIEFS_PASSWORD, "password2": THIEFS_PASSWORD}
        assert self.client.post("/accounts/password/change/", sent).status_code == 302
        self.password = THIEFS_PASSWORD

    def email(self) -> None:
        self.client.post("/accounts/email/", {"email": THIEF})
        link = link_in(emails_to(THIEF)[-1], "email/confirm/")
        answer = self.client.post(link)
        if "second-step" in answer.url:
            self.client.post("/accounts/second-step/", {"code": self.recovery_code()})
            self.client.post(link)
        self.user.refresh_from_db()
        assert self.user.email == THIEF

    def recovery_code(self) -> str:
        codes = Authenticator.objects.get(user=self.user, type=Authenticator.Type.RECOVERY_CODES)
        return codes.wrap().get_unused_codes()[0]


STEPS = ("second step", "codes", "email", "change_password")
ORDERS = [order for order in permutations(STEPS) if order.index("second step") < order.index("codes")]


@pytest.mark.parametrize(("second_step", "pick"), [("app", 0), ("passkey", -1)], ids=["first email", "last email"])
@pytest.mark.parametrize("order", ORDERS, ids=" > ".join)
def test_whatever_a_thief_does_in_whatever_order_the_owner_gets_back_in(owner, second_step, order, pick, monkeypatch):
    thief = Thief(owner, monkeypatch)
    for step in order:
        getattr(thief, step.replace("second step", second_step))()
    with_link = [email for email in emails_to(OWNER) if "email/stop/" in email.body]
    assert "again" in Client().post(link_in(with_link[pick], "email/stop/")).content.decode()
    assert thief.client.get("/expenses/").status_code == 302
    owner.refresh_from_db()
    assert use_reset(ask_for_reset(owner)).status_code == 302
    gets_in(NEW_PASSWORD)
    for email in emails_to(THIEF):
        if "email/stop/" in email.body:
            assert Client().post(link_in(email, "email/stop/")).status_code == 410
    gets_in(NEW_PASSWORD)
    assert not Authenticator.objects.exists()


def gets_in(password: str) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": OWNER, "password": password})
    assert client.get("/expenses/").status_code == 200


@pytest.mark.parametrize("step", ["app", "passkey", "change_password"])
def test_each_change_reports_at_once_and_its_link_survives_what_follows(owner, step, monkeypatch):
    thief = Thief(owner, monkeypatch)
    getattr(thief, step)()
    link = stop_link()
    set_password(owner)
    assert Client().get(link).status_code == 200
    Client().post(link)
    owner.refresh_from_db()
    assert not owner.has_usable_password()
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("step", ["totp/deactivate/", "webauthn/keys/%s/remove/", "recovery-codes/generate/"])
def test_removing_or_replacing_a_second_step_reports_at_once(owner, step, monkeypatch):
    thief = Thief(owner, monkeypatch)
    thief.app()
    thief.passkey()
    reported = len(emails_to(OWNER))
    key = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN).pk
    assert thief.client.post("/accounts/2fa/" + (step % key if "%" in step else step)).status_code == 302
    assert len(emails_to(OWNER)) == reported + 1
    assert "again" in Client().post(stop_link()).content.decode()
    assert thief.client.get("/expenses/").status_code == 302


def test_an_account_without_a_row_of_its_address_is_told_too(alice, settings, monkeypatch):
    settings.ACCOUNT_EMAIL_VERIFICATION = "none"
    Thief(alice, monkeypatch).app()
    assert "again" in Client().post(stop_link()).content.decode()
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("path", ["totp/activate/", "webauthn/add/", "recovery-codes/generate/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_second_step_is_added_only_after_a_fresh_confirmation(client_alice, alice, path, method):
    answer = getattr(client_alice, method)(f"/accounts/2fa/{path}", {"code": "000000", "credential": "{}"})
    assert answer.url.startswith("/accounts/reauthenticate/")
    assert not Authenticator.objects.exists()


def test_a_second_step_of_long_ago_stays(owner, client):
    """So whoever reads the inbox needs it as well."""
    add_app(owner)
    long_ago = stop_links.timezone.now() - 3 * stop_links.LIFE
    Authenticator.objects.update(created_at=long_ago)
    link = stop_links.link(str(owner.pk), owner.email)
    client.post(link)
    assert Authenticator.objects.get().type == Authenticator.Type.TOTP


def test_what_the_thief_used_before_the_owner_is_overruled_and_used_after_it_is_void(owner, client):
    """Each link of the thief's, in whatever order the two click."""
    Client().post(ask_for_change(owner))
    owners = stop_link()
    owner.refresh_from_db()
    ask_for_change(owner, "third@example.net")
    thiefs = stop_link(THIEF)
    for link, holder in ((thiefs, THIEF), (owners, OWNER), (thiefs, OWNER), (owners, OWNER)):
        client.post(link)
        owner.refresh_from_db()
        assert owner.email == holder
    assert client.get(thiefs).status_code == 410


def test_a_link_that_was_made_after_the_account_came_back_works(owner, client):
    Client().post(ask_for_change(owner))
    client.post(stop_link())
    reset = ask_for_reset(owner)
    use_reset(reset)
    assert client.get(stop_link()).status_code == 200


@pytest.mark.parametrize("event", [set_password, add_app])
def test_the_stop_link_survives_and_voids_what_is_pending(owner, client, event):
    grant = ask_for_change(owner)
    link = stop_link()
    event(owner)
    assert client.get(link).status_code == 200
    assert "stopped" in client.post(link).content.decode()
    assert Client().post(grant).status_code == 410
    owner.refresh_from_db()
    assert owner.email == OWNER


def test_a_change_that_took_place_is_undone_and_shuts_the_thief_out(owner, client):
    grant = ask_for_change(owner)
    link = stop_link()
    thief = sign_in(Client(), owner)
    assert thief.post(grant).status_code == 302
    owner.refresh_from_db()
    assert owner.email == THIEF
    set_password(owner)
    add_app(owner)
    thief.force_login(owner)
    assert f"{OWNER}</bdi> again" in client.post(link).content.decode()
    owner.refresh_from_db()
    assert owner.email == OWNER
    assert not owner.has_usable_password()
    assert not Authenticator.objects.filter(user=owner).exists()
    assert thief.get("/expenses/").status_code == 302
    assert use_reset(ask_for_reset(owner)).status_code == 302
    owner.refresh_from_db()
    assert owner.check_password(NEW_PASSWORD)
    assert EmailAddress.objects.get(user=owner).verified


def test_the_email_about_the_change_can_undo_it_too(owner, client):
    Client().post(ask_for_change(owner))
    assert "changed from" in emails_to(OWNER)[-1].body
    client.post(stop_link())
    owner.refresh_from_db()
    assert owner.email == OWNER


def test_a_change_of_two_steps_is_undone_by_the_first_link_only(owner, client):
    """The thief's own links, to emails that came later, can't keep the owner out."""
    Client().post(ask_for_change(owner))
    owners = stop_link()
    owner.refresh_from_db()
    Client().post(ask_for_change(owner, "third@example.net"))
    Client().post(stop_link(THIEF))
    client.post(owners)
    owner.refresh_from_db()
    assert owner.email == OWNER


def test_the_old_email_taken_by_an_unconfirmed_sign_up_comes_back(owner, client):
    Client().post(ask_for_change(owner))
    link = stop_link()
    Client().post("/accounts/signup/", SIGN_UP | {"email": OWNER})
    assert "again" in client.post(link).content.decode()
    assert get_user_model().objects.get(email=OWNER).pk == owner.pk


def test_the_old_email_taken_by_a_real_account_is_left_to_it(owner, bob, client):
    Client().post(ask_for_change(owner))
    link = stop_link()
    get_user_model().objects.filter(pk=bob.pk).update(email=OWNER)
    assert "Another account uses this address" in client.post(link).content.decode()
    bob.refresh_from_db()
    assert bob.email == OWNER


def test_a_stop_link_expires_and_cannot_be_forged(owner, client, monkeypatch):
    ask_for_change(owner)
    link = stop_link()
    assert client.post(link[:-2] + "xx/").status_code == 410
    monkeypatch.setattr(stop_links, "LIFE", -stop_links.LIFE)
    assert client.post(link).status_code == 410
    owner.refresh_from_db()
    assert owner.links_stopped_at is None


def test_a_stop_link_does_nothing_when_it_is_only_opened(owner, client):
    """Virus scanners open links."""
    grant = ask_for_change(owner)
    client.get(stop_link())
    assert client.get(grant).status_code == 200


@pytest.mark.parametrize("stored", ["x", ["x"], [["a", "b"]], [[1.0]], None, {"x": 1}])
def test_damaged_times_of_void_links_void_none(owner, client, stored):
    ask_for_change(owner)
    collection(get_user_model()).update_one({"_id": owner.pk}, {"$set": {"void_stop_links": stored}})
    assert "again" in client.post(stop_link()).content.decode()

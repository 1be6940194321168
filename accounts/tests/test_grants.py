"""Links that grant something die with the password and second step of their time; links that stop something survive."""

import re
from functools import partial

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth import get_user_model
from django.core import mail, signing
from django.test import Client

from accounts import email_change, email_stop
from conftest import PASSWORD

NEW = "alice@new.example"
NEW_PASSWORD = "nine green bottles on the wall"
THIEF = "thief@example.net"


@pytest.fixture(autouse=True)
def _verified(settings, db):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


@pytest.fixture
def owner(alice):
    """Alice, whose email is verified."""
    EmailAddress.objects.create(user=alice, email=alice.email, primary=True, verified=True)
    return alice


def emails_to(address: str) -> list:
    return [one for one in mail.outbox if one.to == [address]]


def link_in(email, pattern: str) -> str:
    return re.search(rf"/accounts/{pattern}\S+", email.body)[0]


def sign_in(client: Client, user) -> Client:
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def ask_for_change(user, after: str = THIEF) -> str:
    """Ask for a change of email as somebody who knows the password; returns the path of the granting link."""
    client = sign_in(Client(), user)
    asked = client.get("/accounts/email/")
    if asked.status_code == 302:
        client.post(asked.url, {"password": PASSWORD})
    assert client.post("/accounts/email/", {"email": after}).status_code == 302
    return link_in(emails_to(after)[-1], "email/confirm/")


def ask_for_reset(user) -> str:
    Client().post("/accounts/password/reset/", {"email": user.email})
    return link_in(emails_to(user.email)[-1], "password/reset/key/")


def demo_visitor(**extra) -> Client:
    client = Client(**extra)
    client.post("/accounts/demo/")
    return client


def ask_to_keep_a_demo(client: Client) -> str:
    client.post("/accounts/demo/keep/", KEEP)
    return link_in(emails_to(KEEP["email"])[-1], "demo/confirm/")


def sign_up() -> str:
    Client().post("/accounts/signup/", KEEP)
    return link_in(emails_to(KEEP["email"])[-1], "confirm-email/")


KEEP = {"first_name": "Ann", "last_name": "", "email": "ann@example.com", "password1": PASSWORD, "password2": PASSWORD}


def use_reset(link: str, client: Client | None = None):
    client = client or Client()
    form = client.get(link)
    if form.status_code != 302:
        return form
    return client.post(form.url, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})


def set_password(user) -> None:
    user.refresh_from_db()
    user.set_password(NEW_PASSWORD)
    user.save()


def reset_password(user) -> None:
    assert use_reset(ask_for_reset(user)).status_code == 302


def add_app(user) -> None:
    totp.TOTP.activate(user, "JBSWY3DPEHPK3PXP")


def stop(user) -> None:
    email_stop.stop_change(email_stop.read_link(email_stop.link(str(user.pk), user.email, NEW).split("/")[-2]))


VOIDING = [set_password, reset_password, add_app, stop]


@pytest.mark.parametrize("event", VOIDING)
def test_a_change_of_email_dies_with_what_it_presumes(owner, event):
    link = ask_for_change(owner)
    event(owner)
    assert Client().get(link).status_code == 410
    assert Client().post(link).status_code == 410
    owner.refresh_from_db()
    assert owner.email == "alice@example.com"


@pytest.mark.parametrize("event", VOIDING)
def test_a_reset_dies_with_what_it_presumes(owner, event):
    link = ask_for_reset(owner)
    event(owner)
    owner.refresh_from_db()
    assert "This link has already been used" in use_reset(link).content.decode()
    password = owner.password
    owner.refresh_from_db()
    assert owner.password == password


def test_a_sign_in_does_not_void_the_owners_reset(owner):
    """Otherwise a thief with the password could void each of them."""
    link = ask_for_reset(owner)
    sign_in(Client(), owner)
    assert use_reset(link).status_code == 302


@pytest.mark.parametrize("event", [set_password, stop])
def test_a_confirmation_dies_with_what_it_presumes(event):
    link = sign_up()
    event(get_user_model().objects.get())
    page = Client().get(link)
    assert "This link has already been used" in page.content.decode()
    assert Client().post(link).status_code == 404
    assert not EmailAddress.objects.get().verified


@pytest.mark.parametrize("event", [set_password, stop])
def test_keeping_a_demo_dies_with_what_it_presumes(event):
    client = demo_visitor()
    link = ask_to_keep_a_demo(client)
    demo = get_user_model().objects.get()
    event(demo)
    assert Client().post(link).status_code == 410
    demo.refresh_from_db()
    assert demo.is_demo


def test_a_sign_in_waiting_for_its_second_step_dies_with_the_password(owner):
    add_app(owner)
    codes = RecoveryCodes.activate(owner)
    client = sign_in(Client(), owner)
    set_password(owner)
    client.post("/accounts/2fa/authenticate/", {"code": codes.get_unused_codes()[0]})
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("kind", ["change", "reset"])
def test_a_second_step_is_asked_where_there_is_one(owner, kind):
    client = Client()
    add_app(owner)
    codes = RecoveryCodes.activate(owner).get_unused_codes()
    link = ask_for_reset(owner) if kind == "reset" else change_link_of(owner)
    page = client.get(link, follow=True)
    assert page.redirect_chain[-1][0] == "/accounts/second-step/"
    client.post(link)
    owner.refresh_from_db()
    assert owner.email == "alice@example.com"
    wrong = client.post("/accounts/second-step/", {"code": "00000000"})
    assert wrong.status_code == 200
    right = client.post("/accounts/second-step/", {"code": codes[0]})
    use = client.post if kind == "change" else partial(finish_reset, client)
    assert use(right.url).status_code == 302
    owner.refresh_from_db()
    assert owner.email == THIEF if kind == "change" else owner.check_password(NEW_PASSWORD)
    assert "_auth_user_id" not in client.session, "the second step alone is no sign-in"


def change_link_of(user) -> str:
    token = signing.dumps(email_change.change_of(user, THIEF), salt=email_change.SALT)
    return f"/accounts/email/confirm/{token}/"


def finish_reset(client: Client, url: str):
    return client.post(url, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})


def test_the_page_for_the_second_step_opens_only_from_a_valid_link(owner, client):
    add_app(owner)
    assert client.get("/accounts/second-step/").url == "/accounts/login/"
    assert client.post("/accounts/second-step/", {"code": "000000"}).url == "/accounts/login/"


def test_asking_tells_the_old_email_at_once(owner):
    ask_for_change(owner)
    (told,) = [one for one in emails_to("alice@example.com") if "asked to change" in one.subject]
    assert THIEF in told.body


def stop_link(email: str = "alice@example.com") -> str:
    return link_in(emails_to(email)[-1], "email/stop/")


@pytest.mark.parametrize("event", [set_password, add_app])
def test_the_stop_link_survives_and_voids_what_is_pending(owner, client, event):
    grant = ask_for_change(owner)
    link = stop_link()
    event(owner)
    again = change_link_of(get_user_model().objects.get(pk=owner.pk))
    assert client.get(link).status_code == 200
    assert "stopped" in client.post(link).content.decode()
    assert Client().post(grant).status_code == 410
    assert Client().post(again).status_code == 410
    owner.refresh_from_db()
    assert owner.email == "alice@example.com"


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
    assert "alice@example.com</bdi> again" in client.post(link).content.decode()
    owner.refresh_from_db()
    assert owner.email == "alice@example.com"
    assert not owner.has_usable_password()
    assert not Authenticator.objects.filter(user=owner).exists()
    assert thief.get("/expenses/").status_code == 302
    assert use_reset(ask_for_reset(owner)).status_code == 302
    owner.refresh_from_db()
    assert owner.check_password(NEW_PASSWORD)
    assert EmailAddress.objects.get(user=owner).verified


def test_the_email_about_the_change_can_undo_it_too(owner, client):
    Client().post(ask_for_change(owner))
    assert "changed from" in emails_to("alice@example.com")[-1].body
    client.post(stop_link())
    owner.refresh_from_db()
    assert owner.email == "alice@example.com"


def test_a_change_of_two_steps_is_undone_by_the_first_link_only(owner, client):
    """The thief's own links, to emails that came later, can't keep the owner out."""
    Client().post(ask_for_change(owner))
    owners = stop_link()
    owner.refresh_from_db()
    Client().post(ask_for_change(owner, "third@example.net"))
    Client().post(stop_link(THIEF))
    client.post(owners)
    owner.refresh_from_db()
    assert owner.email == "alice@example.com"


def test_the_old_email_taken_by_an_unconfirmed_sign_up_comes_back(owner, client):
    Client().post(ask_for_change(owner))
    link = stop_link()
    Client().post("/accounts/signup/", KEEP | {"email": "alice@example.com"})
    assert "again" in client.post(link).content.decode()
    assert get_user_model().objects.get(email="alice@example.com").pk == owner.pk


def test_the_old_email_taken_by_a_real_account_is_left_to_it(owner, bob, client):
    Client().post(ask_for_change(owner))
    link = stop_link()
    get_user_model().objects.filter(pk=bob.pk).update(email="alice@example.com")
    assert "Another account uses this address" in client.post(link).content.decode()
    bob.refresh_from_db()
    assert bob.email == "alice@example.com"


def test_a_stop_link_expires_and_cannot_be_forged(owner, client, monkeypatch):
    ask_for_change(owner)
    link = stop_link()
    assert client.post(link[:-2] + "xx/").status_code == 410
    monkeypatch.setattr(email_stop, "LIFE_SECONDS", -1)
    assert client.post(link).status_code == 410
    owner.refresh_from_db()
    assert owner.links_stopped_at is None


def test_a_stop_link_does_nothing_when_it_is_only_opened(owner, client):
    """Virus scanners open links."""
    grant = ask_for_change(owner)
    client.get(stop_link())
    assert client.get(grant).status_code == 200


def test_links_lead_to_the_site_whatever_the_host_header_says(owner, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    forged = {"HTTP_HOST": "testserver:6666"}
    Client(**forged).post("/accounts/password/reset/", {"email": owner.email})
    Client(**forged).post("/accounts/password/reset/", {"email": "nobody@example.com"})
    Client(**forged).post("/accounts/signup/", KEEP)
    Client(**forged).post("/accounts/signup/", KEEP | {"email": owner.email})
    client = Client(**forged)
    client.force_login(owner)
    client.post(client.get("/accounts/email/").url, {"password": PASSWORD})
    client.post("/accounts/email/", {"email": NEW})
    demo_visitor(**forged).post("/accounts/demo/keep/", KEEP | {"email": "kept@example.com"})
    links = [link for one in mail.outbox for link in re.findall(r"https?://\S+", one.body)]
    assert len(mail.outbox) == len(links) == 7
    assert all(link.startswith(f"{settings.SITE_URL}/accounts/") for link in links)

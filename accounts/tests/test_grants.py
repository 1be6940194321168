"""Links that grant something die with the password and second step of their time."""

import re
from functools import partial

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth import get_user_model
from django.core import mail, signing
from django.test import Client

from accounts import email_change
from accounts.tests.emailed import (
    NEW_PASSWORD,
    THIEF,
    add_app,
    ask_for_change,
    ask_for_reset,
    emails_to,
    link_in,
    reset_password,
    set_password,
    sign_in,
    stop,
    use_reset,
)
from conftest import PASSWORD

NEW = "alice@new.example"


@pytest.fixture(autouse=True)
def _verified(settings, db):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


@pytest.fixture
def owner(alice):
    """Alice, whose email is verified."""
    EmailAddress.objects.create(user=alice, email=alice.email, primary=True, verified=True)
    return alice


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


def test_a_confirmation_dies_with_what_it_presumes():
    link = sign_up()
    set_password(get_user_model().objects.get())
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

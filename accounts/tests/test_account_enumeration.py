"""Where emails are verified, no page tells who has an account: not its text, its status, its session or its work."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass

import pymongo
import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.core import mail
from django.test import Client
from django.utils.translation import get_language

from accounts import afterwards
from conftest import PASSWORD
from finbrain.tests.waiting import until

UNKNOWN = "nobody@example.com"
NAMES = {"first_name": "Ann", "last_name": "Lee", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture(autouse=True)
def _verified(settings, db):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


@dataclass(frozen=True)
class Door:
    """A form that takes an email. visitor: makes the client. after: the page that shows the message."""

    path: str
    fields: dict[str, str]
    after: str
    visitor: Callable[[], Client] = Client
    field: str = "email"

    def enter(self, email: str, client: Client | None = None):
        client = client or self.visitor()
        return client, client.post(self.path, self.fields | {self.field: email})


def demo_visitor() -> Client:
    client = Client()
    client.post("/accounts/demo/")
    return client


def signed_in_visitor() -> Client:
    """Bob, who has just confirmed his identity."""
    client = Client()
    password = {"password": make_password(PASSWORD)}
    bob, _ = get_user_model().objects.get_or_create(email="bob@example.com", defaults=password)
    client.force_login(bob)
    client.post(client.get("/accounts/email/").url, {"password": PASSWORD})
    return client


SIGN_UP = Door("/accounts/signup/", NAMES, "/accounts/confirm-email/")
RESET = Door("/accounts/password/reset/", {}, "/accounts/password/reset/done/")
SIGN_IN = Door("/accounts/login/", {"password": "a wrong password"}, "/accounts/login/", field="login")
KEEP = Door("/accounts/demo/keep/", NAMES, "/accounts/demo/keep/", demo_visitor)
CHANGE = Door("/accounts/email/", {}, "/accounts/email/", signed_in_visitor)
DOORS = [SIGN_UP, RESET, SIGN_IN, KEEP, CHANGE]
SENDING = [SIGN_UP, RESET, KEEP, CHANGE]


def of_path(door: Door) -> str:
    return door.path


def seen(door: Door, email: str) -> tuple:
    """What the visitor sees: status, target, the pages that follow, and the cookies."""
    client, answer = door.enter(email)
    texts = [page.content.decode().replace(email, "…") for page in (answer, client.get(door.after))]
    changing = r"[A-Za-z0-9]{16,64}"  # tokens, nonces and keys
    cookies = {name: len(morsel.value) for name, morsel in client.cookies.items()}
    return answer.status_code, answer.get("Location"), [re.sub(changing, "", text) for text in texts], cookies


@pytest.mark.parametrize("door", DOORS, ids=of_path)
def test_the_answer_is_the_same(door, alice):
    assert seen(door, alice.email) == seen(door, UNKNOWN)


@pytest.mark.parametrize("door", SENDING, ids=of_path)
def test_one_email_goes_to_the_address_either_way(door, alice):
    for email in (alice.email, UNKNOWN):
        door.enter(email)
    assert [len([one for one in mail.outbox if one.to == [email]]) for email in (alice.email, UNKNOWN)] == [1, 1]


@pytest.mark.parametrize("door", DOORS, ids=of_path)
def test_the_work_before_the_answer_is_the_same(door, alice, count_db, count_cache, monkeypatch):
    """The same calls and as many hashes. What depends on the account happens afterwards."""
    monkeypatch.setattr(afterwards, "start", lambda work: None)
    hashes = []
    for name in ("encode", "verify"):
        hashing = getattr(Argon2PasswordHasher, name)
        monkeypatch.setattr(Argon2PasswordHasher, name, lambda *a, hashing=hashing: hashes.append(1) or hashing(*a))
    work = []
    for email in (alice.email, UNKNOWN):
        client = door.visitor()
        hashes.clear()
        with count_db() as calls, count_cache() as cached:
            door.enter(email, client)
        work.append((calls.names, [name.split()[0] for name in cached.names], len(hashes)))
    assert work[0] == work[1]


def sign_up(email: str, **extra):
    return SIGN_UP.enter(email, Client(**extra))


def reset(email: str):
    return RESET.enter(email)


def keep_demo(email: str):
    return KEEP.enter(email)


def test_a_session_never_has_an_unverified_email():
    client, answer = keep_demo("ann@example.com")
    assert answer.status_code == 302
    user = client.get("/dashboard/").wsgi_request.user
    assert user.is_demo
    assert user.email.endswith("@demo.invalid")
    assert not EmailAddress.objects.exists()


def test_a_kept_demo_counts_once_its_link_was_opened():
    client, _ = keep_demo("ann@example.com")
    link = re.search(r"/accounts/demo/confirm/\S+", mail.outbox[-1].body)[0]
    assert "ann@example.com" in Client().get(link).content.decode()
    assert not get_user_model().objects.filter(email="ann@example.com").exists(), "opened by a virus scanner"
    assert Client().post(link).status_code == 302
    user = get_user_model().objects.get(email="ann@example.com")
    assert (user.is_demo, user.first_name, user.check_password(PASSWORD)) == (False, "Ann", True)
    assert EmailAddress.objects.get().verified
    assert client.get("/dashboard/").wsgi_request.user == user
    assert Client().post(link).status_code == 410


def test_keeping_is_limited(settings):
    settings.ACCOUNT_RATE_LIMITS = {"keep_demo": "2/h/user"}
    client = demo_visitor()
    answers = [client.post("/accounts/demo/keep/", NAMES | {"email": f"{n}@example.com"}).status_code for n in range(3)]
    assert answers == [302, 302, 429]


def test_the_email_in_a_kept_demos_link_may_be_taken_in_the_meantime(alice):
    keep_demo(UNKNOWN)
    link = re.search(r"/accounts/demo/confirm/\S+", mail.outbox[-1].body)[0]
    get_user_model().objects.filter(pk=alice.pk).update(email=UNKNOWN)
    assert Client().post(link).status_code == 410


def test_an_unconfirmed_sign_up_keeps_nobody_from_their_email(alice):
    """Whoever opens the link in their inbox gets the address."""
    sign_up(UNKNOWN)
    squatter = get_user_model().objects.get(email=UNKNOWN)
    keep_demo(UNKNOWN)
    change = Client()
    change.force_login(alice)
    change.post(change.get("/accounts/email/").url, {"password": PASSWORD})
    change.post("/accounts/email/", {"email": UNKNOWN})
    link = re.search(r"/accounts/email/confirm/\S+", mail.outbox[-1].body)[0]
    assert Client().post(link).status_code == 302
    alice.refresh_from_db()
    assert alice.email == UNKNOWN
    assert not get_user_model().objects.filter(pk=squatter.pk).exists()


def test_a_reset_proves_the_email(client):
    """It takes the account from somebody who signed up with another person's address."""
    sign_up(UNKNOWN)
    reset(UNKNOWN)
    form = client.get(re.search(r"/accounts/password/reset/key/\S+", mail.outbox[-1].body)[0])
    new = "nine green bottles on the wall"
    client.post(form.url, {"password1": new, "password2": new})
    assert client.post("/accounts/login/", {"login": UNKNOWN, "password": new}).url == "/"
    assert client.get("/expenses/").status_code == 200


def test_the_link_still_signs_in_where_the_sign_up_was():
    client, _ = sign_up(UNKNOWN)
    client.post(re.search(r"/accounts/confirm-email/\S+", mail.outbox[-1].body)[0])
    assert client.get("/expenses/").status_code == 200


def test_the_home_currency_follows_the_browser_of_the_sign_up():
    sign_up(UNKNOWN, HTTP_ACCEPT_LANGUAGE="he-IL")
    assert get_user_model().objects.get().home_currency == "ILS"


def test_the_emails_are_in_the_language_of_the_page(alice):
    client = Client(HTTP_ACCEPT_LANGUAGE="he")
    client.post("/accounts/password/reset/", {"email": alice.email})
    client.post("/accounts/password/reset/", {"email": UNKNOWN})
    assert all(re.search("[א-ת]", one.subject) for one in mail.outbox)


def test_work_that_fails_afterwards_changes_no_answer(alice, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("accounts.entrance.send_reset", broken)
    assert reset(alice.email)[1].status_code == 302


def test_the_work_runs_in_another_thread_without_the_limit_of_the_request(alice, monkeypatch):
    """Nobody waits for it, so it may take longer than a page."""
    found = []

    def note(*args):
        found.append((threading.current_thread(), pymongo._csot.get_deadline(), get_language()))

    monkeypatch.setattr("accounts.entrance.send_reset", note)
    monkeypatch.setattr(afterwards, "start", afterwards.in_thread)
    Client(HTTP_ACCEPT_LANGUAGE="he").post("/accounts/password/reset/", {"email": alice.email})
    until(lambda: found, "the work is done")
    ((thread, deadline, language),) = found
    assert thread is not threading.current_thread()
    assert deadline == float("inf")
    assert language == "he"


def test_a_flood_of_work_is_dropped(monkeypatch):
    monkeypatch.setattr(afterwards, "_ROOM", threading.BoundedSemaphore(1))
    afterwards._ROOM.acquire()
    done = []
    afterwards.in_thread(lambda: done.append(1))
    afterwards._ROOM.release()
    afterwards.in_thread(lambda: done.append(2))
    until(lambda: done, "the work is done")
    assert done == [2]

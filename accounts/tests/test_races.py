"""Whatever may happen only once happens only once: real threads, the real database."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client

from accounts import recovery_codes
from conftest import PASSWORD
from finbrain.tests.waiting import SECONDS

AT_ONCE = 8
NEW_PASSWORD = "nine green bottles on the wall"


def at_once(tries: list) -> list:
    """Call all functions at the same moment, each in its own thread; returns their results."""
    barrier = threading.Barrier(len(tries))

    def run(work):
        barrier.wait()
        return work()

    with ThreadPoolExecutor(len(tries)) as pool:
        return list(pool.map(run, tries))


@pytest.fixture
def codes(alice) -> RecoveryCodes:
    Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"})
    return RecoveryCodes.activate(alice)


def mfa_waiting(alice) -> Client:
    client = Client()
    answer = client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    assert answer.url == "/accounts/2fa/authenticate/"
    return client


def test_one_recovery_code_lets_one_in(alice, codes, settings, monkeypatch):
    settings.ACCOUNT_RATE_LIMITS = False
    code = codes.get_unused_codes()[3]
    generate = RecoveryCodes.generate_codes
    # All have read which codes are unused before the first one is marked.
    all_have_read = threading.Barrier(AT_ONCE)
    waited = threading.local()

    def wait_for_the_others(self):
        if not hasattr(waited, "once"):
            waited.once = all_have_read.wait(SECONDS)
        return generate(self)

    monkeypatch.setattr(RecoveryCodes, "generate_codes", wait_for_the_others)
    clients = [mfa_waiting(alice) for _ in range(AT_ONCE)]
    tries = [lambda each=each: each.post("/accounts/2fa/authenticate/", {"code": code}) for each in clients]
    answers = at_once(tries)
    monkeypatch.undo()
    assert sorted(answer.status_code for answer in answers) == [200] * (AT_ONCE - 1) + [302]
    assert sum("_auth_user_id" in each.session for each in clients) == 1
    codes.instance.refresh_from_db()
    assert len(codes.get_unused_codes()) == 9
    assert code not in codes.get_unused_codes()


def test_wrong_and_used_codes_are_refused_and_all_ten_work(codes):
    for code in codes.get_unused_codes():
        assert codes.validate_code(code)
        assert not codes.validate_code(code)
    assert not codes.validate_code("00000000")
    assert codes.get_unused_codes() == []


def test_upstream_still_accepts_a_code_twice(codes, monkeypatch):
    """Another request comes between reading and writing. When this fails, delete `accounts/recovery_codes.py`."""
    monkeypatch.setattr(RecoveryCodes, "validate_code", recovery_codes.original_validate_code)
    code = codes.get_unused_codes()[0]
    other = RecoveryCodes(Authenticator.objects.get(pk=codes.instance.pk))
    mark, seen = RecoveryCodes._mark_code_used, []

    def interrupted(self, position):
        if not seen:
            seen.append(None)
            seen[0] = other.validate_code(code)
        mark(self, position)

    monkeypatch.setattr(RecoveryCodes, "_mark_code_used", interrupted)
    assert codes.validate_code(code)
    assert seen == [True], "fixed upstream: remove the patch"


def reset_link(email: str) -> str:
    Client().post("/accounts/password/reset/", {"email": email})
    (line,) = [line for line in mail.outbox[-1].body.splitlines() if "/reset/key/" in line]
    return line.partition(settings.SITE_URL)[2]


def test_one_reset_link_sets_one_password(alice, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    link = reset_link(alice.email)
    clients = [Client() for _ in range(AT_ONCE)]
    forms = [client.get(link).url for client in clients]
    passwords = [f"{NEW_PASSWORD} {number}" for number in range(AT_ONCE)]
    tries = [
        lambda c=client, f=form, p=password: c.post(f, {"password1": p, "password2": p})
        for client, form, password in zip(clients, forms, passwords, strict=True)
    ]
    answers = at_once(tries)
    (winner,) = [number for number, answer in enumerate(answers) if answer.status_code == 302]
    alice.refresh_from_db()
    assert alice.check_password(passwords[winner])
    assert all(
        "This link has already been used" in answer.content.decode() for answer in answers if answer.status_code == 200
    )
    assert "This link has already been used" in Client().get(link, follow=True).content.decode()
    assert [sent.subject for sent in mail.outbox[1:]] == ["Your password was changed"]


SIGN_UP = {
    "first_name": "Ann",
    "last_name": "Lee",
    "email": "ann@example.com",
    "password1": PASSWORD,
    "password2": PASSWORD,
}


@pytest.mark.parametrize("verification", ["none", "mandatory"])
def test_one_address_gets_one_account(db, settings, verification):
    settings.ACCOUNT_EMAIL_VERIFICATION = verification
    settings.ACCOUNT_RATE_LIMITS = False
    clients = [Client() for _ in range(AT_ONCE)]
    answers = at_once([lambda each=each: each.post("/accounts/signup/", SIGN_UP) for each in clients])
    user = get_user_model().objects.get()
    assert EmailAddress.objects.filter(user=user, primary=True).count() == EmailAddress.objects.count() == 1
    if verification == "mandatory":  # the page doesn't reveal whether there was an account
        assert {(answer.status_code, answer.url) for answer in answers} == {(302, "/accounts/confirm-email/")}
    else:
        refused = [answer for answer in answers if answer.status_code == 200]
        assert len(refused) == AT_ONCE - 1
        assert all(answer.context["form"].errors["email"] for answer in refused)
        assert sum("_auth_user_id" in each.session for each in clients) == 1

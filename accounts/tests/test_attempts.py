"""Guessing is limited, and nobody else's guesses lock out the rightful owner."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client

from accounts import known_devices
from conftest import PASSWORD

HOME, CAFE, FAR = "203.0.113.7", "203.0.113.99", "198.51.100.1"
LOGIN = "/accounts/login/"


def try_password(email: str, password: str = "wrong", address: str = FAR, client: Client | None = None, **extra):
    client = client or Client()
    return client.post(LOGIN, {"login": email, "password": password}, REMOTE_ADDR=address, **extra)


def is_in(answer) -> bool:
    return answer.status_code == 302


def fail_often(email: str, address: str = FAR, times: int = 6, **extra) -> None:
    for _ in range(times):
        try_password(email, address=address, **extra)


def used_device(user) -> Client:
    """A browser on which the person has signed in and out."""
    client = Client()
    assert is_in(try_password(user.email, PASSWORD, HOME, client))
    client.post("/accounts/logout/")
    return client


def test_failures_elsewhere_leave_the_owner_alone(alice):
    fail_often(alice.email)
    assert not is_in(try_password(alice.email, PASSWORD, FAR))
    assert is_in(try_password(alice.email, PASSWORD, HOME))


@pytest.mark.parametrize(
    ("attacker", "same", "other"),
    [
        ("203.0.113.7", "203.0.113.250", "203.0.114.7"),
        ("2001:db8:1:2::1", "2001:db8:1:ffff::9", "2001:db8:2:2::1"),
        ("::ffff:203.0.113.7", "203.0.113.8", "::ffff:203.0.114.7"),
    ],
)
def test_failures_count_by_network(alice, attacker, same, other, settings):
    fail_often(alice.email, attacker)
    assert not is_in(try_password(alice.email, PASSWORD, same))
    assert is_in(try_password(alice.email, PASSWORD, other))


def test_a_device_that_signed_in_before_has_its_own_count(alice):
    device = used_device(alice)
    fail_often(alice.email, HOME, times=40)
    assert not is_in(try_password(alice.email, PASSWORD, HOME))
    assert is_in(try_password(alice.email, PASSWORD, HOME, device))


def test_a_device_may_not_guess_for_ever_either(alice):
    device = used_device(alice)
    for _ in range(6):
        try_password(alice.email, address=HOME, client=device)
    assert not is_in(try_password(alice.email, PASSWORD, HOME, device))


def test_a_device_keeps_its_count_when_the_password_changes(alice):
    device = used_device(alice)
    alice.set_password("nine green bottles on the wall")
    alice.save()
    fail_often(alice.email, HOME)
    assert is_in(try_password(alice.email, "nine green bottles on the wall", HOME, device))


def test_a_device_is_known_for_its_own_people_only(alice, bob):
    device = used_device(alice)
    fail_often(bob.email, HOME)
    assert not is_in(try_password(bob.email, PASSWORD, HOME, device))


def test_several_people_share_a_device(alice, bob):
    device = used_device(alice)
    assert is_in(try_password(bob.email, PASSWORD, HOME, device))
    device.post("/accounts/logout/")
    fail_often(alice.email, HOME)
    assert is_in(try_password(alice.email, PASSWORD, HOME, device))


@pytest.mark.parametrize("value", ["", "forged", "WyJhIixbXV0:1:2", "\x00"])
def test_a_forged_device_is_unknown(alice, value):
    client = Client()
    client.cookies[known_devices.COOKIE] = value
    fail_often(alice.email, HOME)
    assert not is_in(try_password(alice.email, PASSWORD, HOME, client))


def test_the_cookie_is_out_of_reach_and_names_nobody(alice, settings):
    settings.SESSION_COOKIE_SECURE = True
    cookie = used_device(alice).cookies[known_devices.COOKIE]
    assert cookie["httponly"]
    assert cookie["secure"]
    assert cookie["samesite"] == "Lax"
    assert "alice" not in cookie.value


def test_a_failed_sign_in_makes_no_device_known(alice):
    client = Client()
    try_password(alice.email, client=client)
    assert known_devices.COOKIE not in client.cookies


def test_a_forged_port_buys_no_further_guesses(alice, settings):
    """allauth counts by the host name in the request, which the visitor chooses."""
    settings.ALLOWED_HOSTS = ["testserver"]
    for port in range(1, 7):
        try_password(alice.email, HTTP_HOST=f"testserver:{port}")
    assert not is_in(try_password(alice.email, PASSWORD, HTTP_HOST="testserver:99"))


def test_known_and_unknown_emails_are_limited_alike(alice):
    pages = {}
    for email in (alice.email, "nobody@example.com"):
        fail_often(email)
        pages[email] = str(try_password(email).context["form"].non_field_errors())
    first, second = pages.values()
    assert "Too many" in first
    assert first == second


@pytest.fixture
def codes(alice) -> list[str]:
    totp.TOTP.activate(alice, "JBSWY3DPEHPK3PXP")
    return RecoveryCodes.activate(alice).get_unused_codes()


def try_code(client: Client, code: str, address: str):
    return client.post("/accounts/2fa/authenticate/", {"code": code}, REMOTE_ADDR=address)


def at_second_step(user, address: str, client: Client | None = None) -> Client:
    client = client or Client()
    assert try_password(user.email, PASSWORD, address, client).url == "/accounts/2fa/authenticate/"
    return client


def test_wrong_codes_elsewhere_leave_the_owner_alone(alice, codes):
    thief = at_second_step(alice, FAR)
    for _ in range(6):
        try_code(thief, "00000000", FAR)
    assert not is_in(try_code(thief, codes[0], FAR))
    assert is_in(try_code(at_second_step(alice, HOME), codes[0], HOME))


def test_unknown_devices_share_a_count_of_wrong_codes_but_a_known_one_has_its_own(alice, codes):
    """A code has six digits only, so many networks together must not guess it."""
    device = at_second_step(alice, HOME)
    assert is_in(try_code(device, codes[0], HOME))
    device.post("/accounts/logout/")
    for number in range(21):
        address = f"198.51.{number}.1"
        try_code(at_second_step(alice, address), "00000000", address)
    assert not is_in(try_code(at_second_step(alice, "192.0.2.1"), codes[1], "192.0.2.1"))
    assert is_in(try_code(at_second_step(alice, HOME, device), codes[1], HOME))


def ask_for_reset(email: str, address: str, client: Client | None = None):
    return (client or Client()).post("/accounts/password/reset/", {"email": email}, REMOTE_ADDR=address)


@pytest.mark.parametrize("email", ["alice@example.com", "nobody@example.com"])
def test_too_many_resets_send_nothing_and_answer_as_always(alice, email):
    answers = {(answer.status_code, answer.url) for answer in (ask_for_reset(email, FAR) for _ in range(25))}
    assert answers == {(302, "/accounts/password/reset/done/")}
    assert len(mail.outbox) == 5


def test_resets_elsewhere_leave_the_owner_alone(alice):
    device = used_device(alice)
    for number in range(30):
        ask_for_reset(alice.email, f"198.51.{number}.1")
    flood = len(mail.outbox)
    assert flood == 20, "and no more emails than that reach the inbox"
    ask_for_reset(alice.email, HOME, device)
    assert len(mail.outbox) == flood + 1


def test_a_reset_ends_the_wait(alice):
    fail_often(alice.email, HOME)
    ask_for_reset(alice.email, HOME)
    link = next(line for line in mail.outbox[-1].body.splitlines() if "/reset/key/" in line)
    client, new = Client(REMOTE_ADDR=HOME), "nine green bottles on the wall"
    client.post(client.get(link).url, {"password1": new, "password2": new})
    assert is_in(try_password(alice.email, new, HOME))

"""Emails and names in every script that the standards allow, one account per email, and emails that arrive."""

import smtplib
from email import message_from_bytes, policy

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email

from accounts.emails import normalise_email
from accounts.forms import NameField
from accounts.mail_backend import EmailBackend
from conftest import PASSWORD

ALLOWED = [
    "noa@example.com",
    "o'neill+list@example.co.uk",
    "נועה@דוגמה.קום",
    "用户@例子.广告",
    "अजय@डाटा.भारत",
    "θσερ@παράδειγμα.ελ",
    "jörg@bücher.example",
    "иван@почта.рф",
]
REFUSED = [
    "",
    "noa",
    "@example.com",
    "noa@",
    "no a@example.com",
    "no\u202ea@example.com",
    "no\u200ba@example.com",
    "no\x00a@example.com",
    "a..b@example.com",
    "noa@exa mple.com",
    "noa@-example.com",
    "noa\u3000@example.com",
]


def sign_up(client, email: str, first_name: str = "Ann", last_name: str = "Lee"):
    both = dict.fromkeys(("password1", "password2"), PASSWORD)
    names = {"first_name": first_name, "last_name": last_name}
    return client.post("/accounts/signup/", {"email": email, **names, **both})


@pytest.mark.parametrize("email", ALLOWED)
def test_allowed(email):
    validate_email(email)


@pytest.mark.parametrize("email", REFUSED)
def test_refused(email):
    with pytest.raises(ValidationError):
        validate_email(email)


@pytest.mark.parametrize(("length", "is_allowed"), [(254, True), (255, False), (262, False)])
def test_nobody_signs_up_with_an_email_that_is_too_long_to_sign_in_with(db, client, length, is_allowed):
    email = "a" * (length - len("@example.com")) + "@example.com"
    answer = sign_up(client, email)
    assert get_user_model().objects.filter(email=email).exists() == is_allowed
    if not is_allowed:
        assert answer.context["form"].errors["email"] == [f"Use at most 254 characters. This has {length}."]
        return
    client.post("/accounts/logout/")
    assert client.post("/accounts/login/", {"login": email, "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" Noa@Example.COM ", "noa@example.com"),
        ("noa@XN--6DBBEC0C.example", "noa@דוגמה.example"),
        ("jo\u0308rg@example.com", "jörg@example.com"),
        ("ИВАН@ПОЧТА.РФ", "иван@почта.рф"),
        ("noa@_dmarc.example", "noa@_dmarc.example"),
    ],
)
def test_one_form_for_one_address(typed, stored):
    assert normalise_email(typed) == stored
    assert normalise_email(stored) == stored


@pytest.mark.parametrize("email", ALLOWED)
def test_sign_up_sign_in_and_reset_in_any_script(client, db, email):
    assert sign_up(client, email.upper()).status_code == 302
    user = get_user_model().objects.get()
    assert user.email == email
    client.post("/accounts/logout/")
    assert client.post("/accounts/login/", {"login": email.upper(), "password": PASSWORD}).status_code == 302
    client.post("/accounts/logout/")
    client.post("/accounts/password/reset/", {"email": email})
    assert mail.outbox[-1].to == [email]
    assert "/accounts/password/reset/key/" in mail.outbox[-1].body


def test_the_same_address_written_otherwise_is_the_same_account(client, db):
    sign_up(client, "noa@דוגמה.example")
    client.post("/accounts/logout/")
    answer = sign_up(client, "NOA@xn--6dbbec0c.EXAMPLE")
    assert "email" in answer.context["form"].errors
    assert get_user_model().objects.count() == 1


@pytest.mark.parametrize("email", REFUSED)
def test_bad_addresses_get_a_message_at_the_field(client, db, email):
    answer = sign_up(client, email)
    assert answer.status_code == 200
    assert "email" in answer.context["form"].errors


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("נועה", "נועה"),
        ("  Jose\u0301  María ", "José María"),
        ("O’Neill-Smith", "O’Neill-Smith"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("evil\u202etxt", "eviltxt"),
        ("two\nlines", "two lines"),
        ("🦆", "🦆"),
    ],
)
def test_names(typed, stored):
    assert NameField().clean(typed) == stored


@pytest.mark.parametrize("name", ["x" * 151, "a\x00b", "", "\u202e"])
def test_bad_names_get_a_message_at_the_field(client, db, name):
    answer = sign_up(client, "ann@example.com", first_name=name)
    assert "first_name" in answer.context["form"].errors


def test_people_with_one_name_are_welcome(client, db):
    assert sign_up(client, "suharto@example.com", "Suharto", "").status_code == 302


class Server(smtplib.SMTP):
    """Accepts emails without a network."""

    def __init__(self, features: set[str]) -> None:
        super().__init__()
        self.esmtp_features = dict.fromkeys(features, "")
        self.does_esmtp = True
        self.sent = []

    def ehlo_or_helo_if_needed(self) -> None:
        pass

    def sendmail(self, from_addr, to_addrs, msg, mail_options=(), rcpt_options=()):
        self.sent.append((to_addrs, msg, list(mail_options)))
        return {}


def backend(*features: str) -> EmailBackend:
    made = EmailBackend(host="localhost")
    made.connection = Server(set(features))
    return made


def test_emails_to_any_script_travel_by_smtputf8():
    sender = backend("smtputf8")
    message = EmailMessage("שלום", "גוף", "FinBrain <finbrain@example.com>", ["נועה@example.com"])
    assert sender._send(message)
    ((to, raw, options),) = sender.connection.sent
    assert to == ["נועה@example.com"]
    assert "SMTPUTF8" in options
    read = message_from_bytes(raw, policy=policy.SMTPUTF8)
    assert read["To"] == "נועה@example.com"
    assert read["Subject"] == "שלום"


def test_a_server_that_cannot_is_an_error_that_the_pages_know():
    message = EmailMessage("x", "y", "a@example.com", ["נועה@example.com"])
    with pytest.raises(smtplib.SMTPException):
        backend()._send(message)


def test_other_emails_travel_as_django_sends_them():
    sender = backend()
    assert sender._send(EmailMessage("x", "y", "a@example.com", ["noa@example.com"]))
    assert sender.connection.sent[0][2] == []


def test_a_mail_server_that_is_away_does_not_take_sign_up_with_it(client, db, settings, monkeypatch, caplog):
    """The page doesn't wait for the email, so only the log knows. The next sign-in sends another one."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_RATE_LIMITS = False  # which allow one such email in three minutes

    def refuse(self, *args):
        raise ConnectionRefusedError

    with monkeypatch.context() as away:
        away.setattr("django.core.mail.EmailMessage.send", refuse)
        answer = sign_up(client, "ann@example.com")
    assert answer.url == "/accounts/confirm-email/"
    assert "Could not send the email" in caplog.text
    client.post("/accounts/login/", {"login": "ann@example.com", "password": PASSWORD})
    assert "/accounts/confirm-email/" in mail.outbox[-1].body

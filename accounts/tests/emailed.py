"""Links in emails, and what the owner of an account and a thief with the password do with them."""

import re

from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client

from accounts import stop_links
from conftest import PASSWORD

NEW_PASSWORD = "nine green bottles on the wall"
THIEF = "thief@example.net"


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
    assert stop_links.give_back(stop_links.read_stop_link(stop_links.link(str(user.pk), user.email).split("/")[-2]))


def stop_link(email: str = "alice@example.com") -> str:
    return link_in(emails_to(email)[-1], "email/stop/")

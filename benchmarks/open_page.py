"""Requests of a person in a browser, for `benchmarks.bench`: adding on an open page, and signing in."""

from collections.abc import Mapping
from ipaddress import IPv4Address
from os import urandom
from typing import Any
from urllib.parse import urlencode

from benchmarks.floors import Ask, asker
from benchmarks.pages import SECRET

FORM = {"CONTENT_TYPE": "application/x-www-form-urlencoded", "HTTP_REFERER": "https://localhost/expenses/"}
_ROWS = "50"


class OpenPage:
    """A page with the list of a month, which stays open while expenses are added. headers: the browser's cookies."""

    def __init__(self, handler: Any, headers: Mapping[str, str], month: str, form: str) -> None:
        self.handler, self.headers, self.form = handler, headers, form
        self.path, self.version = f"/expenses/?month={month}", ""

    def load(self) -> None:
        """Load the page, unless its list is up to date."""
        if not self.version:
            bodies: list[bytes] = []
            asker(self.handler, self.path, {**self.headers, "HTTP_ACCEPT_ENCODING": ""}, read=bodies.append)()
            self.version = bodies[0].decode().partition('data-version="')[2].partition('"')[0]

    def add(self) -> None:
        """Add an expense."""
        htmx = {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": f"https://localhost{self.path}"}
        shown = {"HTTP_X_LIST": self.version, "HTTP_X_ROWS": _ROWS} if self.version else {}
        sent = asker(self.handler, "/expenses/add/", {**self.headers, **FORM, **htmx, **shown}, body=self.form)()
        self.version = dict(sent).get("X-List", "")


def sign_in(email: str) -> Ask:
    """A sign-in in a browser in which nobody is signed in.

    Each comes from another address, because sign-ins per address are limited.
    """
    from benchmarks.seed import PASSWORD
    from finbrain.incoming import Handler

    form = urlencode({"login": email, "password": PASSWORD, "csrfmiddlewaretoken": SECRET})
    headers, handler = FORM | {"HTTP_COOKIE": f"csrftoken={SECRET}"}, Handler()

    def ask() -> None:
        address = str(IPv4Address(int.from_bytes(b"\x0a" + urandom(3))))
        asker(handler, "/accounts/login/", headers | {"REMOTE_ADDR": address}, 302, body=form)()

    return ask


def forget_sessions(email: str) -> None:
    """Delete a person's sessions, so that each sign-in finds none. In earlier releases, a sign-in read them all."""
    from allauth.usersessions.models import UserSession

    from accounts.models import User

    UserSession.objects.filter(user_id=User.objects.get(email=email).pk).delete()

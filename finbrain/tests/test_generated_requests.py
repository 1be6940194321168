"""Whatever a request asks for, the answer is never an error of ours: thousands of requests, generated from the site."""

import io
import sys
from importlib import import_module
from urllib.parse import unquote_to_bytes

import pytest
from django.conf import settings as site_settings
from django.core.signals import got_request_exception
from django.test import Client, RequestFactory
from django.test.client import FakePayload
from hypothesis import HealthCheck, given
from hypothesis import settings as examples

from accounts.models import User
from classifier import background
from conftest import PASSWORD
from expenses.ledger.trash import delete_expenses
from expenses.models import Expense, ImportBatch
from expenses.people.ledger_settings import personal_ledger
from expenses.tests.importing import uploading
from expenses.tests.making import make_expense, make_expenses
from finbrain.incoming import Handler
from finbrain.tests import introspection
from finbrain.tests.generated import MORE_HEADERS, PEOPLE, Found, Generated, requests
from finbrain.tests.introspection import Address, Forms

PROBES = [Address(path) for path in ("/healthz", "/readyz", "/metrics", "/static/js/ui.js", "/nowhere")]
# Starting a demo stores hundreds of expenses, and the form has no fields.
SLOW = ("/accounts/demo/",)
SECRET = "s" * 32  # of the CSRF check

sessions = import_module(site_settings.SESSION_ENGINE)


class Site:
    """FinBrain with people in it. `found` is what it accepts, `answer` sends a request as the web server does."""

    def __init__(self) -> None:
        self.handler = Handler()
        self.clients: dict[str, Client] = {}
        for who in PEOPLE:
            self._sign_in(who)
        alice = User.objects.get(email="alice@example.com")
        make_expenses(alice, [{"title": f"Coffee {n}", "amount": 4, "unsure": 0.4} for n in range(3)])
        delete_expenses(personal_ledger(alice), [make_expense(alice, "Deleted").pk])
        uploading.upload_statement(self.clients["alice"], uploading.BANK, "draft.csv")
        uploading.import_statement(self.clients["alice"], uploading.statement(3))
        self.found = self._find()

    def _sign_in(self, who: str) -> None:
        """Sign in again, as a new person if a request deleted the last one."""
        client = self.clients[who] = Client()
        if who != "nobody":
            user, _ = User.objects.get_or_create(email=f"{who}@example.com")
            user.is_staff = user.is_superuser = who == "admin"
            user.set_password(PASSWORD)
            user.save()
            client.force_login(user)

    def _find(self) -> Found:
        models = (Expense, ImportBatch, User)
        keys = [str(key) for model in models for key in model.objects.values_list("pk", flat=True)[:2]]
        addresses = [each for each in introspection.every_address() if each.route not in SLOW]
        forms, fields = {}, {field for each in addresses for field in each.fields}
        ids = {False: [""], True: keys}
        pages = [(who, each.path(key)) for who in PEOPLE for each in addresses for key in ids[bool(each.names)]]
        for who, path in pages:
            page = Forms(self._page(who, path), path)
            fields |= page.queries
            for method, action, values in page.forms:
                if action in SLOW:
                    continue
                values.pop("csrfmiddlewaretoken", None)
                fields |= values.keys()
                forms.setdefault((method, action, *sorted(values)), (who, method, action, values))
        headers = sorted({*introspection.headers_in_code(), *MORE_HEADERS})
        return Found([*addresses, *PROBES], list(forms.values()), sorted(fields), headers, keys)

    def _page(self, who: str, path: str) -> str:
        answer = self.clients[who].get(path)
        if answer.streaming or not answer.headers.get("Content-Type", "").startswith("text/html"):
            answer.close()
            return ""
        return answer.content.decode()

    def answer(self, sent: Generated) -> int:
        """Send the request and return the status. The person is signed in afterwards, whatever the request did."""
        session = self.clients[sent.who].cookies.get(site_settings.SESSION_COOKIE_NAME)
        key = session.value if session else ""
        answered = []
        body = self.handler(_environ(sent, key), lambda status, headers: answered.append(status))
        for _ in body:
            pass
        body.close()
        if key and not sessions.SessionStore().exists(key):
            self._sign_in(sent.who)
        return int(answered[0].split()[0])


def _environ(sent: Generated, session_key: str) -> dict:
    """The request as gunicorn hands it over."""
    cookies = {site_settings.SESSION_COOKIE_NAME: session_key, site_settings.CSRF_COOKIE_NAME: SECRET, **sent.cookies}
    named = {f"HTTP_{name.upper().replace('-', '_')}": text for name, text in sent.headers.items()}
    return (
        RequestFactory()._base_environ(
            PATH_INFO=unquote_to_bytes(sent.path).decode("latin-1"),
            QUERY_STRING=sent.query,
            REQUEST_METHOD=sent.method,
            CONTENT_TYPE=sent.content_type,
            CONTENT_LENGTH=str(len(sent.body)),
            HTTP_COOKIE="; ".join(f"{name}={text}" for name, text in cookies.items() if text),
            HTTP_X_CSRFTOKEN=SECRET,
            **{"wsgi.input": FakePayload(sent.body), "wsgi.errors": io.StringIO()},
        )
        | named
    )


@pytest.fixture
def site(db, settings, monkeypatch):
    """The site without rate limits, because thousands of requests come from the same few people. It trains no model."""
    settings.ACCOUNT_RATE_LIMITS = False
    monkeypatch.setattr(background, "start_training", lambda: None)
    return Site()


@pytest.fixture
def raised():
    """What was raised while requests were answered."""
    errors: list[BaseException | None] = []

    def remember(**_kwargs: object) -> None:
        errors.append(sys.exc_info()[1])

    got_request_exception.connect(remember)
    yield errors
    got_request_exception.disconnect(remember)


def _check(site: Site, raised: list[BaseException | None], count: int) -> None:
    @examples(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck))
    @given(requests(site.found))
    def ask(sent: Generated) -> None:
        raised.clear()
        status = site.answer(sent)
        if status >= 500:
            raise AssertionError(f"{status}: {sent}") from next(iter(raised), None)

    ask()


@pytest.mark.slow
def test_hundreds_of_generated_requests_are_answered(site, raised):
    _check(site, raised, 400)


@pytest.mark.long
def test_twenty_thousand_generated_requests_are_answered(site, raised):
    _check(site, raised, 20_000)

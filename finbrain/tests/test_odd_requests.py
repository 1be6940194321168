"""Requests that no browser sends: each kind is answered in its one place, and never with an error of ours."""

import io
import itertools
import json

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http.cookie import SimpleCookie
from django.test import RequestFactory
from django.test.client import FakePayload

from accounts.models import User
from accounts.tests.codes import passkey_credential
from conftest import PASSWORD
from expenses.listing.cursor import decode_cursor
from expenses.tests.making import make_expense
from finbrain.core.numbers import whole_number
from finbrain.incoming import Handler
from finbrain.tests import odd_values
from finbrain.tests.odd_values import FORM

WORDS = [
    "ofx",
    "home",
    "expenses:list",
    "dashboard",
    "x" * 5000,
    "javascript:alert(1)",
    "//evil.example/",
    "\\\\evil",
    "",
]
ODD_TYPES = [
    f"{FORM}; charset=hex",
    f"{FORM}; charset=utf-7",
    f"{FORM}; charset=unicode_escape",
    f"{FORM}; charset*=hex''hex",
    f"{FORM}; charset*=utf-8''%00",
    f"{FORM}; charset*=nothing''x",
    "text/html; a*0*=idna''%ff; a*1=x",
    "multipart/form-data; boundary=x; charset=undefined",
    "multipart/form-data; boundary=x; charset=base64",
]

SECRET = "s" * 32  # of the CSRF check


@pytest.fixture
def deliver(db):
    """Sends a request as the web server does, and returns the status."""
    handler = Handler()

    def send(method, path, body=b"", content_type=FORM, **more):
        given = {"wsgi.input": FakePayload(body), "wsgi.errors": io.StringIO(), "CONTENT_LENGTH": str(len(body))}
        environ = RequestFactory()._base_environ(
            REQUEST_METHOD=method, PATH_INFO=path, CONTENT_TYPE=content_type, **given, **more
        )
        answered = []
        answer = handler(environ, lambda status, _headers: answered.append(int(status[:3])))
        answer.close()
        return answered[0]

    return send


@pytest.mark.parametrize("content_type", ODD_TYPES)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_content_type_that_cannot_be_read_is_a_bad_request(deliver, method, content_type):
    assert deliver(method, "/accounts/login/", b"login=x", content_type, QUERY_STRING="next=/x") == 400


@pytest.mark.parametrize("content_type", ODD_TYPES)
def test_the_content_type_matters_to_people_who_are_signed_in_too(client_alice, content_type):
    for path in ("/expenses/", "/dashboard/", "/expenses/add/"):
        assert client_alice.generic("POST", path, b"title=x", content_type=content_type).status_code == 400


def test_too_many_fields_with_a_charset_are_a_bad_request(deliver):
    query = "&".join("a=1" for _ in range(1500))
    assert deliver("GET", "/accounts/login/", b"", f"{FORM}; charset=utf-8", QUERY_STRING=query) == 400


@pytest.mark.parametrize("letter", ["x", ".", "%E2%82%AC"])
def test_a_search_longer_than_a_web_server_lets_through_is_a_bad_request(client, client_alice, letter):
    """MongoDB would refuse the regular expression that the admin makes of it."""
    client.force_login(User.objects.create_superuser("root@example.com", PASSWORD))
    words = {count: letter * (count // len(letter)) for count in (15_000, 40_000)}
    for path in ("/admin/classifier/feedback/", "/admin/accounts/user/"):
        assert [client.get(f"{path}?q={text}").status_code for text in words.values()] == [200, 400]
    assert [client_alice.get(f"/expenses/?q={text}").status_code for text in words.values()] == [200, 400]


def test_a_form_in_parts_that_cannot_be_read_is_a_bad_request(deliver):
    proof = {"HTTP_COOKIE": f"csrftoken={SECRET}", "HTTP_X_CSRFTOKEN": SECRET}
    assert deliver("POST", "/accounts/login/", b"x" * 3000, "multipart/form-data; boundary=x", **proof) == 400


@pytest.mark.parametrize(
    ("content_type", "body"),
    [(odd_values.PARTS, b"x" * 3000), ("multipart/form-data", b"x"), (FORM, b"a=1&" * 1500), (FORM, b"")],
)
@pytest.mark.parametrize(
    ("path", "host", "status"),
    [("/nowhere/", "testserver", 404), ("/help/", "[", 400)],
)
def test_an_error_has_its_page_if_the_form_cannot_be_read(deliver, path, host, status, content_type, body):
    proof = {"HTTP_COOKIE": f"csrftoken={SECRET}", "HTTP_X_CSRFTOKEN": SECRET}
    assert deliver("POST", path, body, content_type, HTTP_HOST=host, **proof) in (status, 400)


@pytest.mark.parametrize("content_type", [FORM, f"{FORM}; charset=UTF-8", f"{FORM}; charset=us-ascii", ""])
def test_every_content_type_of_a_browser_is_read(deliver, content_type):
    assert deliver("GET", "/accounts/login/", content_type=content_type) == 200


def test_the_web_server_is_given_our_handler():
    assert issubclass(Handler.request_class, WSGIRequest)
    assert "application = Handler()" in (settings.BASE_DIR / "finbrain" / "wsgi.py").read_text()


@pytest.mark.parametrize("url", [*odd_values.NOT_URLS, *WORDS])
class TestUrls:
    def test_the_pages_address_that_htmx_sends(self, client_alice, alice, url):
        expense = make_expense(alice)
        headers = {"HX-Request": "true", "HX-Current-URL": url}
        for path in (f"/expenses/{expense.pk}/category/", "/expenses/add/", f"/expenses/{expense.pk}/delete/"):
            sent = {"category": "other", "title": "Tea", "amount": "3", "currency": "ILS", "spent_on": "2026-08-20"}
            assert client_alice.post(path, sent, headers=headers).status_code < 500

    def test_the_page_to_go_back_to(self, client_alice, alice, url):
        expense = make_expense(alice)
        for sent, headers in (({"next": url}, {}), ({}, {"Referer": url})):
            answer = client_alice.post("/expenses/several/", sent | {"action": "delete"}, headers=headers)
            assert answer.status_code == 302
            assert answer.url == "/expenses/"
        assert client_alice.get(f"/expenses/{expense.pk}/edit/", headers={"Referer": url}).status_code == 200

    def test_the_page_after_signing_in(self, client, alice, url):
        answer = client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD, "next": url})
        assert (answer.status_code, answer.url) == (302, "/")

    def test_the_origin(self, client, url):
        answer = client.get("/accounts/login/", headers={"Origin": url, "Host": "testserver"})
        assert answer.status_code == 200


@pytest.mark.parametrize("next_url", ["/dashboard/?month=2026-08", "http://testserver/expenses/"])
def test_a_page_of_ours_is_still_gone_back_to(client_alice, next_url):
    assert client_alice.post("/expenses/several/", {"action": "delete", "next": next_url}).url == next_url


@pytest.mark.parametrize("text", ["9" * 400, "9" * 5000, "-1", "1e400", "NaN", "Infinity", "٣٤", "", "80.5"])
class TestNumbers:
    def test_the_threshold(self, client_alice, text):
        assert client_alice.get("/accounts/settings/threshold/", {"threshold": text}).status_code == 400
        assert client_alice.post("/accounts/settings/", {"section": "filing", "threshold": text}).status_code == 422

    def test_progress_in_the_inbox(self, client_alice, text):
        assert client_alice.get("/expenses/inbox/", {"done": text}).status_code == 200

    def test_amounts(self, client_alice, alice, text):
        expense = make_expense(alice)
        assert client_alice.get("/expenses/", {"min": text, "max": text, "month": text}).status_code == 200
        for name in ("amount", "own_rate", "spent_on"):
            assert client_alice.post(f"/expenses/{expense.pk}/edit/", {name: text}).status_code < 500

    def test_whole_numbers_have_limits(self, text):
        assert whole_number(text, 0, 100) is None


@pytest.mark.parametrize("values", [each for each in odd_values.CURSORS if each], ids=itertools.count())
def test_a_cursor_that_the_database_cannot_hold_is_the_first_page(client_alice, values):
    text = odd_values.encoded(values)
    assert decode_cursor(values[0], text) is None
    for path in ("/expenses/", "/expenses/trash/", "/expenses/inbox/", "/expenses/import/", "/expenses/export/"):
        answer = client_alice.get(path, {"after": text, "sort": values[0], "before": text})
        answer.close()
        assert answer.status_code == 200


def test_a_passkeys_answer_of_another_shape_is_a_wrong_one(client, client_alice, alice, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    Authenticator.objects.create(user=alice, type="webauthn", data={"name": "", "credential": passkey_credential()})
    client_alice.post("/accounts/reauthenticate/", {"password": PASSWORD})
    for person, path in ((client, "login/"), (client_alice, "add/"), (client_alice, "reauthenticate/")):
        url = f"/accounts/2fa/webauthn/{path}"
        person.get(url)
        for credential in odd_values.CREDENTIALS:
            answer = person.post(url, {"credential": json.dumps(credential), "name": "x"})
            assert answer.status_code < 500, (path, credential)
            assert "/accounts/reauthenticate/" not in answer.headers.get("Location", "")


@pytest.mark.parametrize("key", ["1", "x", "0" * 24, "0" * 23, "a-b", "٣" * 24, "1" * 5000, "%00"])
def test_the_admin_finds_nothing_under_an_odd_key(db, client, key):
    client.force_login(User.objects.create_superuser("admin@example.com", PASSWORD))
    for path in (f"r/{key}/2/", f"r/2/{key}/", f"accounts/user/{key}/password/", f"accounts/user/{key}/change/"):
        assert client.get(f"/admin/{path}").status_code in (302, 404)
    for query in ({"p": key}, {"q": key}, {"o": key}, {"id__exact": key}, {"user__id__exact": key}, {"_to_field": key}):
        assert client.get("/admin/accounts/user/", query).status_code < 500
    assert client.post(f"/admin/accounts/user/{key}/change/?_to_field=").status_code in (302, 400)
    sent = {"action": "delete_selected", "_selected_action": key, "index": key}
    assert client.post("/admin/classifier/feedback/", sent).status_code < 500


@pytest.mark.parametrize(
    "value", ["", "[[", "x:y:z", "W1tdXQ:1a:x", '"\\355\\240\\200"', "../../etc/passwd", "é", "a" * 4000]
)
@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "messages", "django_language", "timezone", "theme"])
def test_a_damaged_cookie_is_ignored(client, name, value):
    client.cookies = SimpleCookie({name: value})
    assert client.get("/accounts/login/").status_code == 200


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800", "\ufeff", "x" * 100_000])
def test_texts_with_what_no_keyboard_types(client_alice, alice, text):
    make_expense(alice)
    text = text.encode("utf-8", "replace").decode()
    for path in ("/expenses/", "/dashboard/", "/expenses/suggest/", "/expenses/export/"):
        answer = client_alice.get(path, {"q": text, "title": text, "month": text, "category": text, "currency": text})
        answer.close()
        assert answer.status_code < 500
    sent = {"title": text, "note": text, "amount": text, "currency": text, "spent_on": text, "category": text}
    assert client_alice.post("/expenses/add/", sent | {"entry_key": text}).status_code == 422

"""One log line per request, which says what happened and nothing personal."""

import gc
import io
import json
import logging
import re
import sys
import threading

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from pymongo.errors import DuplicateKeyError, ServerSelectionTimeoutError

from finbrain.logs import OncePerRequest, QuotesNothing, log_stray_errors, logging_config, person_hash
from finbrain.middleware.record import RecordRequest

TITLE = "Divorce lawyer Weizmann"
KEY = "dctx3a-0123456789abcdef0123456789abcdef"


@pytest.fixture
def log(monkeypatch):
    """A function that returns the lines that production has logged so far, as dictionaries."""
    written = io.StringIO()
    config = logging_config("json", "DEBUG", whole_errors=False)
    made = config["formatters"]["line"]
    handler = logging.StreamHandler(written)
    handler.setFormatter(made["()"](foreign_pre_chain=made["foreign_pre_chain"], processors=made["processors"]))
    for kept in (QuotesNothing(), OncePerRequest()):
        handler.addFilter(kept)
    monkeypatch.setattr(logging.root, "handlers", [handler])
    return lambda: [json.loads(line) for line in written.getvalue().splitlines()]


def requests(log) -> list[dict]:
    return [line for line in log() if line["event"] == "request"]


def test_one_line_a_request(client_alice, alice, log):
    answer = client_alice.get("/expenses/?q=secret&month=all")
    (line,) = requests(log)
    assert (line["method"], line["path"]) == ("GET", "/expenses/")
    assert line["status"] == 200
    assert line["request_id"] == answer["X-Request-ID"]
    assert line["user"] == person_hash(str(alice.pk))
    assert line["db"] >= 1
    assert line["cache"] >= 1
    assert line["ms"] >= line["db_ms"] > 0
    assert "secret" not in json.dumps(log())


def test_what_happens_again_and_again_is_told_once_a_request(rf, log):
    def page(request: HttpRequest) -> HttpResponse:
        for error in ("TimeoutError", "TimeoutError", "ConnectionError"):
            logging.getLogger("finbrain.core.tolerant_cache").warning("The cache is away (%s)", error)
        return HttpResponse()

    for _ in range(2):
        RecordRequest(page)(rf.get("/"))
    told = ["The cache is away (TimeoutError)", "The cache is away (ConnectionError)", "request"]
    assert [line["event"] for line in log()] == told * 2


def test_people_are_hashes(alice):
    assert re.fullmatch("[0-9a-f]{16}", person_hash(str(alice.pk)))
    assert str(alice.pk) not in person_hash(str(alice.pk))


def test_the_id_of_a_proxy_is_taken_over_if_it_is_one(client, db, log):
    assert client.get("/", headers={"X-Request-ID": "from-the-proxy-1"})["X-Request-ID"] == "from-the-proxy-1"
    assert client.get("/", headers={"X-Request-ID": 'bad" id\n'})["X-Request-ID"] != 'bad" id\n'


def test_nothing_typed_is_logged(client, client_alice, alice, log, mailoutbox):
    fields = {"title": TITLE, "amount": "912.34", "currency": "EUR", "spent_on": "2026-08-20", "note": "private"}
    client_alice.post("/expenses/add/", fields)
    client_alice.post("/expenses/add/", fields | {"amount": "much"})
    client_alice.get("/expenses/suggest/", {"title": TITLE})
    client.post("/accounts/login/", {"login": alice.email, "password": "wrong-pass-phrase"})
    client.post("/accounts/password/reset/", {"email": alice.email})
    text = json.dumps(log(), ensure_ascii=False)
    for typed in (TITLE, "Weizmann", "912.34", "private", alice.email, "alice@", "wrong-pass-phrase"):
        assert typed not in text


def test_keys_of_mailed_links_are_not_logged(client, db, log):
    client.get("/accounts/password/reset/key/1a-secret-key-of-the-mail/")
    (line,) = requests(log)
    assert line["path"] == "/accounts/password/reset/key/*-*/"


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        (f"/accounts/password/reset/key/1a-{KEY}/", {"Host": "evil.example"}),  # refused before the path is looked up
        (f"/accounts/password/reset/key/1a-{KEY}", {}),  # without its last slash
        (f"/accounts/confirm-email/{KEY}.", {}),  # with the full stop of a sentence
    ],
)
def test_keys_are_not_logged_when_their_page_is_not_reached(client, db, log, path, headers):
    client.get(path, headers=headers)
    assert requests(log)
    assert KEY not in json.dumps(log())
    assert "evil.example" not in json.dumps(log())


@pytest.mark.parametrize(
    "headers", [{}, {"Referer": f"https://evil.example/?q={TITLE}"}, {"Origin": "https://evil.example"}]
)
def test_a_forged_form_is_reported_without_what_it_sent(log, db, headers):
    forger = Client(enforce_csrf_checks=True)
    forger.cookies["csrftoken"] = "c" * 32
    forger.post(f"/accounts/password/reset/key/1a-{KEY}/", {"password1": TITLE}, headers=headers, secure=True)
    refused, _ = log()
    assert refused["event"].startswith("Forbidden (")
    assert refused["event"].endswith("): /accounts/password/reset/key/*-*/")
    assert not re.search(f"{KEY}|evil|{TITLE}", json.dumps(log()))


def test_an_error_on_a_page_with_a_key_is_reported_without_the_key(client, db, log, monkeypatch):
    def fail(*args, **kwargs):
        raise ValueError(TITLE)

    client.raise_request_exception = False
    monkeypatch.setattr("django.middleware.clickjacking.XFrameOptionsMiddleware.process_response", fail)
    client.get(f"/accounts/password/reset/key/1a-{KEY}/")
    assert [line["level"] for line in log()] == ["error", "warning"]
    assert not re.search(f"{KEY}|{TITLE}", json.dumps(log()))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_errors_that_nobody_catches_are_logged_without_their_text(log, monkeypatch):
    for module, name in ((threading, "excepthook"), (sys, "unraisablehook")):
        monkeypatch.setattr(module, name, getattr(module, name))
    log_stray_errors()

    class Broken:
        def __del__(self):
            raise ValueError(TITLE)

    def fail():
        raise ValueError(TITLE)

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    Broken()
    gc.collect()
    assert [(line["event"], line["error"]) for line in log()] == [
        ("A thread ended with an error", "ValueError"),
        ("An error was ignored", "ValueError"),
    ]
    assert TITLE not in json.dumps(log())


def test_errors_tell_type_and_place_but_no_text(log):
    try:
        try:
            raise DuplicateKeyError(f"dup key: {TITLE}", 11000)
        except DuplicateKeyError as cause:
            raise ValueError(TITLE) from cause
    except ValueError:
        logging.getLogger("expenses.somewhere").exception("Something failed")
    (line,) = log()
    assert line["event"] == "Something failed"
    assert line["error"] == "ValueError < DuplicateKeyError(11000)"
    assert line["at"][-1].startswith("finbrain/tests/test_logs.py:")
    assert TITLE not in json.dumps(line)


def test_a_handled_outage_is_told_once_with_what_was_done(client_alice, log, monkeypatch):
    def fail(*args, **kwargs):
        raise ServerSelectionTimeoutError("no servers")

    client_alice.raise_request_exception = False
    monkeypatch.setattr("expenses.models.expense.ExpenseQuerySet.get", fail)
    client_alice.post("/expenses/65f000000000000000000000/edit/", {"title": TITLE})
    [line] = log()
    assert (line["status"], line["fault"], line["done"]) == (503, "ServerSelectionTimeoutError", "503, form kept")
    assert line["level"] == "warning"


def test_a_mistake_of_ours_is_told_with_its_place(client_alice, log, monkeypatch):
    def fail(*args, **kwargs):
        raise ValueError(TITLE)

    client_alice.raise_request_exception = False
    monkeypatch.setattr("expenses.models.expense.ExpenseQuerySet.get", fail)
    client_alice.get("/expenses/65f000000000000000000000/edit/")
    error, line = log()
    assert error["error"] == "ValueError"
    assert error["request_id"] == line["request_id"]
    assert TITLE not in json.dumps(log())


def test_probes_that_go_well_are_no_news(client, db, log):
    client.get("/healthz")
    assert log() == []
    client.get("/metrics", REMOTE_ADDR="192.0.2.1")
    assert [line["status"] for line in requests(log)] == [403]


def test_the_console_is_used_outside_of_production():
    assert settings.LOG_FORMAT == "console"

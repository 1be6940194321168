"""Limits of requests per person: everybody who asks for what costs much meets one, and nobody loses what was typed."""

import json
from html import unescape

import pytest

from expenses.models import Expense
from expenses.tests.importing.uploading import BANK, upload_statement
from expenses.tests.making import make_expense
from finbrain.core import rate_limits

ENTRY = {"title": "Tea <green>", "amount": "4", "currency": "EUR", "spent_on": "2026-08-20"}
HTMX = {"HX-Request": "true"}
# By limit: a method and a URL of each view.
LIMITED = {
    "suggest": [("get", "/expenses/suggest/?title=tea"), ("get", "/expenses/calculate/?amount=1+2")],
    "list": [
        *(("get", f"/expenses/{path}") for path in ("", "?month=all&q=tea", "inbox/", "trash/")),
    ],
    "dashboard": [("get", "/dashboard/"), ("get", "/dashboard/?format=csv")],
    "write": [
        *(("post", f"/expenses/{path}") for path in ("add/", "several/", "inbox/review/", "inbox/undo/")),
        *(("post", f"/expenses/EXPENSE/{path}/") for path in ("edit", "category", "delete", "restore")),
        ("get", "/expenses/EXPENSE/edit/"),
        ("post", "/expenses/trash/0123/restore/"),
        ("post", "/expenses/changes/0123/undo/"),
    ],
    "settings": [*(("get", f"/accounts/settings/{path}") for path in ("", "threshold/", "rates/", "rates/export/"))],
    "preview": [("get", "/expenses/import/"), ("get", "/expenses/import/DRAFT/")],
    "plan": [("get", "/expenses/import/DRAFT/")],
    "import_step": [*(("post", f"/expenses/import/DRAFT/{path}/") for path in ("run", "undo", "restore", "discard"))],
    "import": [("post", "/expenses/import/")],
    "export": [("get", "/expenses/export/")],
    "download": [("post", "/accounts/download/")],
    "leave": [("get", "/accounts/delete/")],
    "account": [
        *(
            ("get", f"/accounts/{path}/")
            for path in ("email", "password/change", "sessions", "2fa", "2fa/totp/activate")
        ),
        *(("post", f"/accounts/{path}/") for path in ("email", "password/change", "password/reset", "logout")),
    ],
}


@pytest.mark.parametrize("action", LIMITED)
def test_each_limit(client_alice, alice, settings, action):
    expense, draft = make_expense(alice), upload_statement(client_alice, BANK)
    settings.RATE_LIMITS = settings.RATE_LIMITS | {action: 0}
    for method, path in LIMITED[action]:
        url = path.replace("EXPENSE", str(expense.pk)).replace("DRAFT", str(draft.pk))
        assert getattr(client_alice, method)(url).status_code == 429, url
    assert Expense.objects.count() == 1


def test_a_page_that_is_kept_is_not_limited(client_alice, settings):
    urls = ("/expenses/", "/dashboard/")
    for url in urls:
        client_alice.get(url)
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, 0)
    assert [client_alice.get(url).status_code for url in urls] == [200, 200]


def test_the_page_keeps_what_was_typed(client_alice, settings, one_minute):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"write": 1}
    sent = ENTRY | {"csrfmiddlewaretoken": "c" * 32}
    client_alice.cookies["csrftoken"] = "c" * 32
    assert client_alice.post("/expenses/add/", sent).status_code == 302
    answer = client_alice.post("/expenses/add/", sent)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 60
    assert "too many requests at once. Wait a minute" in unescape(answer.content.decode())
    assert 'name="title" value="Tea &lt;green&gt;"' in answer.content.decode()
    assert "Send it again" in answer.content.decode()


def test_htmx_gets_a_message_and_leaves_the_page_as_it_is(client_alice, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"write": 0}
    answer = client_alice.post("/expenses/add/", ENTRY, headers=HTMX)
    assert (answer.status_code, answer.content) == (429, b"")
    assert json.loads(answer["HX-Trigger"])["toast"]["error"]


def test_each_person_has_a_limit_of_their_own(client_alice, client_bob, settings, one_minute):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"suggest": 2}
    url = "/expenses/suggest/?title=tea"
    assert [client_alice.get(url).status_code for _ in range(3)] == [200, 200, 429]
    assert client_bob.get(url).status_code == 200


def test_nobody_in_particular_is_limited_by_address(client, client_alice, settings, one_minute):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"account": 2}
    url = "/accounts/login/"
    assert [client.get(url).status_code for _ in range(3)] == [200, 200, 429]
    assert client.get(url, REMOTE_ADDR="192.0.2.9").status_code == 200
    assert client_alice.get("/accounts/email/").status_code == 302


def test_the_next_minute_is_another(client_alice, settings, monkeypatch):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"suggest": 1}
    now = [1_000_000]
    monkeypatch.setattr(rate_limits.time, "time", lambda: now[0])
    url = "/expenses/suggest/?title=tea"
    assert [client_alice.get(url).status_code for _ in range(2)] == [200, 429]
    now[0] += rate_limits.MINUTE
    assert client_alice.get(url).status_code == 200


def test_some_limits_are_of_an_hour(client_alice, settings, monkeypatch):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"export": 1}
    now = [3_600_000]
    monkeypatch.setattr(rate_limits.time, "time", lambda: now[0])
    url = "/expenses/export/"
    assert client_alice.get(url).status_code == 200
    now[0] += rate_limits.HOUR - 1
    answer = client_alice.get(url, headers=HTMX)
    assert (answer.status_code, answer["Retry-After"]) == (429, "1")
    assert "in one hour" in answer["HX-Trigger"]
    page = client_alice.get(url)
    assert "in one hour" in page.content.decode()
    assert "attempts" not in page.content.decode()
    now[0] += 1
    assert client_alice.get(url).status_code == 200


def test_a_limit_costs_one_call(client_alice, count_cache):
    with count_cache() as calls:
        rate_limits.limit("suggest", "alice")
    assert len(calls) == 1


def test_without_the_cache_nothing_is_limited(settings, monkeypatch):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"suggest": 0}
    monkeypatch.setattr(rate_limits, "attempt", lambda call: None)
    rate_limits.limit("suggest", "alice")

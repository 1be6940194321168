"""An engine that is away gives a clear page that keeps what was typed; our own mistakes stay mistakes."""

import pytest
from django.db import DatabaseError
from django.test import Client
from django_redis.exceptions import ConnectionInterrupted
from pymongo.errors import OperationFailure, ServerSelectionTimeoutError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ResponseError

from finbrain.outage import is_outage


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        ServerSelectionTimeoutError("no servers"),
        caused(DatabaseError(), ServerSelectionTimeoutError("no servers")),
        OperationFailure("out of disk space", code=14031),
        caused(DatabaseError(), OperationFailure("aborted", 251, {"errorLabels": ["TransientTransactionError"]})),
        caused(DatabaseError(), OperationFailure("28: No space left on device", code=8)),
        RedisConnectionError(),
        ResponseError("MISCONF Errors writing to the AOF file: No space left on device"),
        caused(ConnectionInterrupted(None), RedisConnectionError()),
    ],
)
def test_engines_that_are_away_are_outages(error):
    assert is_outage(error)


@pytest.mark.parametrize(
    "error", [ValueError(), DatabaseError(), OperationFailure("bad query", code=2), ResponseError("ERR"), None]
)
def test_our_own_mistakes_are_not(error):
    assert not is_outage(error)


@pytest.fixture
def patient_alice(client_alice) -> Client:
    """Alice's client, which shows the error page as a browser does."""
    client_alice.raise_request_exception = False
    return client_alice


def break_with(monkeypatch, error: Exception) -> None:
    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr("expenses.access.Expense.objects.get", fail)


def test_a_page_says_to_come_back(patient_alice, monkeypatch):
    break_with(monkeypatch, ServerSelectionTimeoutError("no servers"))
    answer = patient_alice.get("/expenses/65f000000000000000000000/edit/")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "10"


def test_what_was_typed_is_kept_but_for_passwords(patient_alice, monkeypatch):
    break_with(monkeypatch, ServerSelectionTimeoutError("no servers"))
    sent = {"title": "<b>Tea</b>", "amount": "4", "password": "secret-word", "category": ["other", "food-drinks"]}
    answer = patient_alice.post("/expenses/65f000000000000000000000/edit/", sent)
    page = answer.content.decode()
    assert answer.status_code == 503
    assert 'name="title" value="&lt;b&gt;Tea&lt;/b&gt;"' in page
    assert page.count('name="category"') == 2
    assert "csrfmiddlewaretoken" in page
    assert "secret-word" not in page


def test_a_mistake_of_ours_is_a_500(patient_alice, monkeypatch):
    break_with(monkeypatch, ValueError("oops"))
    assert patient_alice.get("/expenses/65f000000000000000000000/edit/").status_code == 500

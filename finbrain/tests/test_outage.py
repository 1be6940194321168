"""An outage of MongoDB or Redis shows a clear page that keeps what was typed. Our own errors stay errors."""

import pytest
from django.db import DatabaseError, IntegrityError, connection
from django.test import Client
from django.urls import resolve
from django_redis.exceptions import ConnectionInterrupted
from pymongo.client_session import ClientSession
from pymongo.command_cursor import CommandCursor
from pymongo.cursor import Cursor
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    CursorNotFound,
    DuplicateKeyError,
    ExecutionTimeout,
    NetworkTimeout,
    NotPrimaryError,
    OperationFailure,
    ServerSelectionTimeoutError,
    WaitQueueTimeoutError,
    WriteConcernError,
    WTimeoutError,
)
from redis.connection import Connection
from redis.exceptions import BusyLoadingError, OutOfMemoryError, ReadOnlyError, RedisError, ResponseError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from finbrain.outage import is_outage, unavailable


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def labelled(code: int, *labels: str) -> OperationFailure:
    return OperationFailure("refused", code, {"errorLabels": list(labels)})


def bulk(kind: str, **error: object) -> BulkWriteError:
    return BulkWriteError({"writeErrors": [], "writeConcernErrors": [], kind: [error]})


AWAY = [
    ServerSelectionTimeoutError("no servers"),
    AutoReconnect("connection closed"),
    NetworkTimeout("timed out"),
    NotPrimaryError("not primary"),
    WaitQueueTimeoutError("no connection is free"),
    ExecutionTimeout("operation exceeded time limit", 50),
    CursorNotFound("cursor id 7 not found", 43),  # getMore after a restart
    OperationFailure("exceeded the time limit", 262),
    OperationFailure("interrupted", 11601),
    OperationFailure("write conflict", 112),
    OperationFailure("no such transaction", 251),
    OperationFailure("transaction exceeded its lifetime", 290),
    OperationFailure("out of disk space", 14031),
    OperationFailure("28: No space left on device", 8),
    labelled(96, "TransientTransactionError"),
    labelled(96, "UnknownTransactionCommitResult"),
    labelled(96, "RetryableWriteError"),
    WTimeoutError("waiting for replication timed out", 64, {"errInfo": {"wtimeout": True}}),
    WriteConcernError("not enough data-bearing nodes", 100),
    bulk("writeErrors", index=0, code=112, errmsg="write conflict"),
    bulk("writeErrors", index=0, code=50, errmsg="exceeded time limit"),
    bulk("writeConcernErrors", code=64, errmsg="timed out", errInfo={"wtimeout": True}),
    bulk("writeConcernErrors", code=11602, errmsg="stepping down"),
    RedisConnectionError(),
    RedisTimeoutError(),
    BusyLoadingError(),
    OutOfMemoryError(),
    ReadOnlyError(),
    ResponseError("MISCONF Errors writing to the AOF file: No space left on device"),
    ResponseError("BUSY Redis is busy running a script"),
]
OUR_MISTAKES = [
    ValueError(),
    OperationFailure("bad query", 2),
    DuplicateKeyError("dup key", 11000),
    bulk("writeErrors", index=0, code=11000, errmsg="E11000 duplicate key error"),
    bulk("writeErrors", index=0, code=121, errmsg="document failed validation"),
    ResponseError("ERR wrong number of arguments"),
]


def name(error: Exception) -> str:
    return f"{type(error).__name__} {error}"[:60]


@pytest.mark.parametrize("error", AWAY, ids=name)
def test_engines_that_are_away_are_outages(error):
    assert is_outage(error)
    wrapped = ConnectionInterrupted(None) if isinstance(error, RedisError) else DatabaseError()
    assert is_outage(caused(wrapped, error))


@pytest.mark.parametrize("error", OUR_MISTAKES, ids=name)
def test_our_own_mistakes_are_not(error):
    assert not is_outage(error)
    assert not is_outage(caused(DatabaseError(), error))
    assert not is_outage(caused(IntegrityError(), error))


def test_no_error_is_no_outage():
    assert not is_outage(None)


@pytest.fixture
def patient_alice(client_alice) -> Client:
    """Alice's client, which shows error pages like a browser."""
    client_alice.raise_request_exception = False
    return client_alice


SLOW = [
    ("get", "/expenses/", "choose a shorter period"),
    ("get", "/dashboard/", "choose a shorter period"),
    ("post", "/expenses/import/65f000000000000000000000/run/", "Try again: FinBrain continues from here."),
    ("post", "/expenses/import/65f000000000000000000000/restore/", "Try again: FinBrain continues from here."),
    ("get", "/expenses/import/65f000000000000000000000/", "Try again: FinBrain continues from here."),
    ("post", "/expenses/import/", "Split it, for example by year, or try again later."),
    ("get", "/expenses/import/", "Nothing is lost. Try again in a minute."),
    ("post", "/expenses/add/", "Nothing is lost. Try again in a minute."),
]


@pytest.mark.parametrize(("method", "path", "said"), SLOW)
def test_a_slow_page_says_what_helps_there(rf, method, path, said):
    request = getattr(rf, method)(path)
    request.resolver_match = resolve(path)
    page = unavailable(request, "NetworkTimeout", "slow").content.decode()
    assert said in page
    assert [one[2] in page for one in SLOW].count(True) == [one[2] for one in SLOW].count(said)


def break_with(monkeypatch, error: Exception) -> None:
    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr("expenses.models.expense.ExpenseQuerySet.get", fail)


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


TEA = {"title": "Tea", "amount": "4", "currency": "EUR", "spent_on": "2026-08-20"}


def failing(error: Exception):
    """A replacement for a method of PyMongo or redis-py that raises `error`."""

    def fail(*args, **kwargs):
        raise error

    return fail


@pytest.mark.parametrize(
    "error",
    [
        NetworkTimeout("timed out"),
        labelled(251, "TransientTransactionError"),
        labelled(64, "UnknownTransactionCommitResult"),
    ],
    ids=name,
)
def test_a_transaction_that_cannot_be_committed(patient_alice, monkeypatch, error):
    monkeypatch.setattr(ClientSession, "commit_transaction", failing(error))
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeoutMS", 300)  # for all tries together
    answer = patient_alice.post("/expenses/add/", TEA)
    assert answer.status_code == 503
    assert 'name="title" value="Tea"' in answer.content.decode()
    monkeypatch.undo()
    assert patient_alice.post("/expenses/add/", TEA).status_code == 302


@pytest.mark.parametrize("page", ["/expenses/", "/expenses/inbox/", "/expenses/trash/", "/dashboard/"])
def test_an_answer_that_breaks_off_while_a_page_is_made(patient_alice, monkeypatch, page):
    for cursor in (Cursor, CommandCursor):
        monkeypatch.setattr(cursor, "__next__", failing(NetworkTimeout("timed out")))
    assert patient_alice.get(page).status_code == 503


@pytest.mark.django_db
@pytest.mark.parametrize("error", [RedisConnectionError("reset"), RedisTimeoutError("timed out")], ids=name)
def test_a_session_that_cannot_be_stored_once_the_answer_is_made(client, alice, monkeypatch, error):
    """Signing in writes the session last."""
    client.raise_request_exception = False
    sent = Connection.send_packed_command

    def refuse_writes(self, command, *args, **kwargs):
        if b"SET" in b"".join(command if isinstance(command, list) else [command]):
            raise error
        return sent(self, command, *args, **kwargs)

    monkeypatch.setattr(Connection, "send_packed_command", refuse_writes)
    answer = client.post("/accounts/login/", {"login": alice.email, "password": "correct horse battery staple"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")

"""What people see while MongoDB or Redis is away: a clear page, soon, that keeps what they typed."""

import sys
from collections.abc import Iterator

import redis.exceptions
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.template.loader import render_to_string
from django.views.defaults import server_error
from django_redis.exceptions import ConnectionInterrupted
from pymongo.errors import BulkWriteError, ConnectionFailure, PyMongoError, ServerSelectionTimeoutError

from finbrain.core.breaker import mongodb
from finbrain.requests import MarkedRequest

_RETRY_AFTER_SECONDS = 10
_NEVER_KEPT = ("csrfmiddlewaretoken", "password")
# What the server says instead of the connection.
_OUTAGE_CODES = {
    *(91, 189, 10058, 10107, 11600, 11602, 13388, 13435, 13436),  # shutting down, stepping down, no primary
    *(6, 7, 89, 133, 134, 202, 9001),  # it does not reach the other members
    *(24, 50, 262, 11601),  # a lock or an operation took too long, or was ended for that
    *(43, 237),  # the rest of an answer is gone: the server was restarted, or another is the primary now
    *(112, 225, 244, 246, 251, 290),  # a transaction met another, or was ended
    *(64, 100),  # too few members to acknowledge a write
    *(365, 462, 14031),  # overloaded, out of disk space
}
_OUTAGE_LABELS = (
    *("TransientTransactionError", "UnknownTransactionCommitResult", "RetryableWriteError"),
    *("RetryableError", "SystemOverloadedError"),
)
# As an unknown error, code 8.
_NO_SPACE = "No space left on device"
# A full disk, a cluster without its master, a script that takes long.
REFUSED = ("MISCONF", "MASTERDOWN", "CLUSTERDOWN", "NOREPLICAS", "TRYAGAIN", "BUSY")
_ENGINE_AWAY = (
    ConnectionFailure,
    redis.exceptions.ConnectionError,
    redis.exceptions.TimeoutError,
    redis.exceptions.OutOfMemoryError,
    redis.exceptions.ReadOnlyError,
)


def handle_error(request: MarkedRequest) -> HttpResponse:
    """Django's handler for errors nobody caught: 503 when an engine is away, else the page for our own mistakes."""
    fault = _outage_behind(sys.exc_info()[1])
    if fault is None:
        return server_error(request)
    if isinstance(fault, ConnectionFailure):
        mongodb.report(sure=isinstance(fault, ServerSelectionTimeoutError))
    return unavailable(request, type(fault).__name__)


def is_outage(error: BaseException | None) -> bool:
    """Whether an engine that is away is what is behind the error."""
    return _outage_behind(error) is not None


def _outage_behind(error: BaseException | None) -> BaseException | None:
    """The engine's own error that tells of an outage, if there is one behind `error`."""
    return next(filter(_tells_of_outage, causes(error)), None)


def _tells_of_outage(error: BaseException) -> bool:
    if isinstance(error, PyMongoError) and _mongodb_gave_up(error):
        return True
    if isinstance(error, redis.exceptions.ResponseError) and str(error).startswith(REFUSED):
        return True
    return isinstance(error, _ENGINE_AWAY)


def _mongodb_gave_up(error: PyMongoError) -> bool:
    """Whether the server refuses work, time ran out, or a transaction found no way through: later it will do."""
    refused = not _OUTAGE_CODES.isdisjoint(codes(error)) or _NO_SPACE in str(error)
    return refused or error.timeout or any(map(error.has_error_label, _OUTAGE_LABELS))


def codes(error: PyMongoError) -> Iterator[int | None]:
    """The server's code, and those of the single writes where many were sent at once."""
    yield getattr(error, "code", None)
    if isinstance(error, BulkWriteError):
        for kind in ("writeErrors", "writeConcernErrors"):
            yield from (each.get("code") for each in error.details.get(kind, ()))


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what Django and django-redis wrapped in it."""
    while error is not None:
        yield error
        error = error.__cause__ if isinstance(error, DatabaseError | ConnectionInterrupted) else None


def unavailable(request: MarkedRequest, fault: str) -> HttpResponse:
    """503 with Retry-After. What a form had sent stands in the page and can be sent again with one click.

    fault: what went wrong, for the line that the log gets for this request. Rendered without context processors: they
    would ask the engine that is away who the person is.
    """
    kept = _kept_fields(request) if _sent_by_our_page(request) else []
    request.handled = {"fault": fault, "done": "503, form kept" if kept else "503"}
    context = {"kept": kept, "action": request.get_full_path(), "csrf_token": get_token(request) if kept else ""}
    headers = {"Retry-After": str(_RETRY_AFTER_SECONDS), "Cache-Control": "no-store"}
    return HttpResponse(render_to_string("503.html", context), status=503, headers=headers)


class CsrfCheck(CsrfViewMiddleware):
    """Only tells: Django's own renders a page and asks who the person is."""

    def _reject(self, request: HttpRequest, reason: str) -> str:
        return reason


def _sent_by_our_page(request: HttpRequest) -> bool:
    """Whether the CSRF check lets the form pass: no other site may put words into a form with our token."""
    return CsrfCheck(_no_view).process_view(request, _no_view, (), {}) is None


def _no_view(_request: HttpRequest) -> HttpResponse:
    """What the check wants to have behind it and never calls."""
    return HttpResponse()


def _kept_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Names and values of the form that was sent, passwords left out."""
    if request.method != "POST":
        return []
    try:
        sent = request.POST
    except (RawPostDataException, UnreadablePostError):
        return []
    return [(name, value) for name, values in sent.lists() if not name.startswith(_NEVER_KEPT) for value in values]

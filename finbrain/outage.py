"""Answers requests while MongoDB or Redis is away: at once, with a clear page that keeps what people typed."""

import errno
import sys
from collections.abc import Iterator
from typing import Any

import redis.exceptions
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.template.loader import render_to_string
from django_redis.exceptions import ConnectionInterrupted
from pymongo.errors import BulkWriteError, ConnectionFailure, ExecutionTimeout, NetworkTimeout, PyMongoError

from finbrain.core.breaker import mongodb
from finbrain.error_pages import server_error
from finbrain.requests import MarkedRequest, view_name

_RETRY_AFTER_SECONDS = 10
_NEVER_KEPT = ("csrfmiddlewaretoken", "password")
# Error codes of a server that can be reached but is out of order.
_OUTAGE_CODES = {
    *(91, 189, 10058, 10107, 11600, 11602, 13388, 13435, 13436),  # shutting down, stepping down, no primary
    *(6, 7, 89, 133, 134, 202, 9001),  # can't reach the other members
    *(24, 50, 262, 11601),  # a lock or an operation took too long or was stopped because of that
    *(43, 237),  # the rest of a result is lost: the server was restarted, or another one is the primary now
    *(112, 225, 244, 246, 251, 290),  # a transaction conflicted with another or was aborted
    *(64, 100),  # too few members acknowledged a write
    *(365, 462, 14031),  # overloaded, out of disk space
}
_OUTAGE_LABELS = (
    *("TransientTransactionError", "UnknownTransactionCommitResult", "RetryableWriteError"),
    *("RetryableError", "SystemOverloadedError"),
)
# MongoDB reports this as an unknown error, code 8.
_NO_SPACE = "No space left on device"
# Redis: a full disk, a cluster without its master, a script that takes long.
_REFUSED = ("MISCONF", "MASTERDOWN", "CLUSTERDOWN", "NOREPLICAS", "TRYAGAIN", "BUSY")
# The views that show a period, which a person can shorten.
_BY_PERIOD = ("dashboard", "expenses:list", "expenses:export")
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EMFILE, errno.ENFILE}
_ENGINE_AWAY = (
    ConnectionFailure,
    redis.exceptions.ConnectionError,
    redis.exceptions.TimeoutError,
    redis.exceptions.OutOfMemoryError,
    redis.exceptions.ReadOnlyError,
)


def handle_error(request: MarkedRequest) -> HttpResponse:
    """Django's handler for uncaught errors: 503 if MongoDB or Redis is away, otherwise the page for our own errors."""
    fault = _outage_behind(sys.exc_info()[1])
    if fault is None:
        return server_error(request)
    if isinstance(fault, ConnectionFailure):
        mongodb.report()
    return unavailable(request, type(fault).__name__, _reason(fault))


def _reason(fault: BaseException) -> str:
    """Why the request failed, as `unavailable` takes it."""
    if _has_no_room(fault):
        return "full"
    return "slow" if isinstance(fault, NetworkTimeout | ExecutionTimeout) and mongodb.since is None else ""


def is_outage(error: BaseException | None) -> bool:
    """Whether the error means that MongoDB or Redis is away."""
    return _outage_behind(error) is not None


def _outage_behind(error: BaseException | None) -> BaseException | None:
    """The driver's error behind `error` that means an outage; None if there is none."""
    return next(filter(_tells_of_outage, _causes(error)), None)


def _tells_of_outage(error: BaseException) -> bool:
    if isinstance(error, PyMongoError) and _mongodb_gave_up(error):
        return True
    if isinstance(error, redis.exceptions.ResponseError) and str(error).startswith(_REFUSED):
        return True
    return isinstance(error, _ENGINE_AWAY) or _has_no_room(error)


def _has_no_room(error: BaseException) -> bool:
    """Whether this process can't write a temporary file or open another one."""
    return isinstance(error, OSError) and error.errno in _NO_ROOM


def _mongodb_gave_up(error: PyMongoError) -> bool:
    """Whether the server refuses work, time ran out, or a transaction kept failing, so that trying later may help."""
    refused = not _OUTAGE_CODES.isdisjoint(_codes(error)) or _NO_SPACE in str(error)
    return refused or error.timeout or any(map(error.has_error_label, _OUTAGE_LABELS))


def _codes(error: PyMongoError) -> Iterator[int | None]:
    """The server's error code, and in bulk writes those of the single writes."""
    yield getattr(error, "code", None)
    if isinstance(error, BulkWriteError):
        for kind in ("writeErrors", "writeConcernErrors"):
            yield from (each.get("code") for each in error.details.get(kind, ()))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and the errors that Django and django-redis wrapped in it."""
    while error is not None:
        yield error
        error = error.__cause__ if isinstance(error, DatabaseError | ConnectionInterrupted) else None


def unavailable(request: MarkedRequest, fault: str, reason: str = "") -> HttpResponse:
    """Return a 503 with Retry-After. The page holds the form that was sent, to be sent again with one click.

    fault: what went wrong, for the request's log line. reason: "" if a server is away, "slow" if only this request took
    too long, "full" if there is no room on the disk or no file descriptor. Rendered without context processors, because
    they would load the person from the server that is away.
    """
    context = kept_form(request) | {"reason": reason, "way_out": _way_out(request)}
    request.handled = {"fault": fault, "done": "503, form kept" if context["kept"] else "503"}
    headers = {"Retry-After": str(_RETRY_AFTER_SECONDS), "Cache-Control": "no-store"}
    return HttpResponse(render_to_string("503.html", context), status=503, headers=headers)


def _way_out(request: HttpRequest) -> str:
    """What helps if a request takes too long: a shorter "period", another "step", a smaller "file", "" to wait."""
    name = view_name(request)
    if name in _BY_PERIOD:
        return "period"
    if name.startswith("expenses:import_") and name != "expenses:import_discard":
        return "step"
    return "file" if name == "expenses:import" and request.method == "POST" else ""


def kept_form(request: HttpRequest) -> dict[str, Any]:
    """The context of `_kept_form.html`: the form that was sent, without passwords, if a page of ours sent it."""
    kept = _kept_fields(request) if _sent_by_our_page(request) else []
    return {"kept": kept, "action": request.get_full_path(), "csrf_token": get_token(request) if kept else ""}


class _CsrfCheck(CsrfViewMiddleware):
    """A CSRF check that only returns its reason. Django's own renders a page and loads the person."""

    def _reject(self, request: HttpRequest, reason: str) -> str:
        return reason


def _sent_by_our_page(request: HttpRequest) -> bool:
    """Whether the form passes the CSRF check: other sites must not get their text into a form with our token."""
    return _CsrfCheck(_no_view).process_view(request, _no_view, (), {}) is None


def _no_view(_request: HttpRequest) -> HttpResponse:
    """A view that the check requires and never calls."""
    return HttpResponse()


def _kept_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Names and values of the posted form, without passwords."""
    if request.method != "POST":
        return []
    try:
        sent = request.POST
    except (RawPostDataException, UnreadablePostError):
        return []
    return [(name, value) for name, values in sent.lists() if not name.startswith(_NEVER_KEPT) for value in values]

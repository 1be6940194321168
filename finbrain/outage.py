"""What people see while MongoDB or Redis is away: a clear page, soon, that keeps what they typed."""

import sys
from collections.abc import Iterator

import redis.exceptions
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.views.defaults import server_error
from django_redis.exceptions import ConnectionInterrupted
from pymongo.errors import ConnectionFailure, ExecutionTimeout, PyMongoError, WTimeoutError

RETRY_AFTER_SECONDS = 10
NEVER_KEPT = ("csrfmiddlewaretoken", "password")
# Shutting down, stepping down, out of disk space: the server says so instead of the connection.
OUTAGE_CODES = {89, 91, 189, 10107, 11600, 11602, 13388, 13435, 13436, 14031}
ENGINE_AWAY = (
    ConnectionFailure,
    ExecutionTimeout,
    WTimeoutError,
    redis.exceptions.ConnectionError,
    redis.exceptions.TimeoutError,
    redis.exceptions.OutOfMemoryError,
    redis.exceptions.ReadOnlyError,
)


def handle_error(request: HttpRequest) -> HttpResponse:
    """Django's handler for errors nobody caught: 503 when an engine is away, else the page for our own mistakes."""
    return unavailable(request) if is_outage(sys.exc_info()[1]) else server_error(request)


def is_outage(error: BaseException | None) -> bool:
    """Whether an engine that is away is what is behind the error."""
    return any(map(tells_of_outage, causes(error)))


def tells_of_outage(error: BaseException) -> bool:
    refused = isinstance(error, PyMongoError) and getattr(error, "code", None) in OUTAGE_CODES
    return refused or isinstance(error, ENGINE_AWAY)


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what Django and django-redis wrapped in it."""
    while error is not None:
        yield error
        error = error.__cause__ if isinstance(error, DatabaseError | ConnectionInterrupted) else None


def unavailable(request: HttpRequest) -> HttpResponse:
    """503 with Retry-After. What a form had sent stands in the page and can be sent again with one click.

    Rendered without context processors: they would ask the engine that is away who the person is.
    """
    kept = kept_fields(request)
    context = {"kept": kept, "action": request.get_full_path(), "csrf_token": get_token(request) if kept else ""}
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS), "Cache-Control": "no-store"}
    return HttpResponse(render_to_string("503.html", context), status=503, headers=headers)


def kept_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Names and values of the form that was sent, passwords left out."""
    if request.method != "POST":
        return []
    try:
        sent = request.POST
    except (RawPostDataException, UnreadablePostError):
        return []
    return [(name, value) for name, values in sent.lists() if not name.startswith(NEVER_KEPT) for value in values]

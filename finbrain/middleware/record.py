"""Writes a log line and a metrics observation for every request."""

import logging
import re
import secrets
import time
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse

from finbrain import metrics
from finbrain.core import usage
from finbrain.logs import REQUEST_LOGGER, RequestLine, person_hash, said
from finbrain.requests import safe_path, view_name

_KNOWN_ID = re.compile(r"[\w-]{8,64}")

logger = logging.getLogger(REQUEST_LOGGER)

GetResponse = Callable[[HttpRequest], HttpResponse]


class RecordRequest:
    """Outermost middleware. Gives each request an id, or keeps the one that a proxy sent (X-Request-ID)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = given if _KNOWN_ID.fullmatch(given) else secrets.token_hex(8)
        spent = usage.Usage()
        token, lines = usage.current.set(spent), said.set(set())
        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = request_id
            _record_request(request, response, time.perf_counter() - began, spent, request_id)
        finally:
            structlog.contextvars.unbind_contextvars("request_id")
            usage.current.reset(token)
            said.reset(lines)
        return response


def _record_request(
    request: HttpRequest, response: HttpResponse, seconds: float, spent: usage.Usage, request_id: str
) -> None:
    """Write the log line and count the request."""
    status = response.status_code
    metrics.count_request(view_name(request), request.method or "", status, seconds, spent)
    routine = getattr(request, "is_probe", False) or request.path_info.startswith(settings.STATIC_URL)
    quiet = status < 400 and routine
    level = logging.WARNING if status >= 500 else logging.DEBUG if quiet else logging.INFO
    if logger.isEnabledFor(level):
        line = RequestLine(
            event="request",
            method=request.method,
            path=safe_path(request),
            status=status,
            ms=round(seconds * 1000, 1),
            db=spent.database_calls,
            db_ms=round(spent.database_seconds * 1000, 1),
            cache=spent.cache_calls,
            cache_ms=round(spent.cache_seconds * 1000, 1),
            **_person_of(request),
            **getattr(request, "handled", {}),
            request_id=request_id,
        )
        logger.log(level, line)


def _person_of(request: HttpRequest) -> dict[str, Any]:
    """The person as a keyed hash, if the request has already loaded them; {} otherwise."""
    user = getattr(request, "_cached_user", None)
    if user is not None and user.is_authenticated:
        return {"user": person_hash(str(user.pk))}
    session = getattr(request, "session", None)
    loaded = getattr(session, "_session_cache", None)
    user_id = loaded.get(SESSION_KEY) if loaded else None
    return {"user": person_hash(user_id)} if user_id else {}

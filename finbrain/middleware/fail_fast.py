"""Limits how long people wait for MongoDB: a 503 at once while it is away, and a time limit per request."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pymongo
from django.http import HttpResponse

from finbrain.core.breaker import mongodb
from finbrain.outage import unavailable
from finbrain.requests import MarkedRequest, view_name

# Together with a ping, rendering and queueing, this stays below the three seconds that people wait.
REQUEST_SECONDS = 1.8
# Names of views that read or write a lot by design, and the admin's. Only their single calls are limited.
UNLIMITED = {"account_delete", "account_download", "demo", "expenses:export", "expenses:several", "expenses:review"}
_UNLIMITED_PREFIXES = ("admin:", "expenses:import")


class AnswerAtOnce:
    """Middleware that must come after CSRF, whose cookie the kept form needs, and before all that calls MongoDB."""

    def __init__(self, get_response: Callable[[MarkedRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: MarkedRequest) -> HttpResponse:
        if mongodb.is_away():
            return unavailable(request, f"{mongodb.name} is away")
        with ExitStack() as request.database_limit:
            return self.get_response(request)

    def process_view(self, request: MarkedRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        """Set the time limit once the view is known."""
        name = view_name(request)
        if name not in UNLIMITED and not name.startswith(_UNLIMITED_PREFIXES):
            request.database_limit.enter_context(pymongo.timeout(REQUEST_SECONDS))

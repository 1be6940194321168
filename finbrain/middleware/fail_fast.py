"""Nobody waits long for MongoDB: 503 at once while it is known to be away, and a limit for all calls of a request."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pymongo
from django.http import HttpResponse

from finbrain.core.breaker import mongodb
from finbrain.outage import unavailable
from finbrain.requests import MarkedRequest, view_name

# With a ping, a page and some waiting in line that is less than the three that people wait.
REQUEST_SECONDS = 1.8
# Views that write or read a lot by design, by the name of their URL, and the admin; each of their calls has its limit.
UNLIMITED = {"account_delete", "account_download", "demo", "expenses:export", "expenses:several", "expenses:review"}
_UNLIMITED_PREFIXES = ("admin:", "expenses:import")


class AnswerAtOnce:
    """Stands behind the CSRF middleware, whose cookie the kept form needs, and before everything that asks MongoDB."""

    def __init__(self, get_response: Callable[[MarkedRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: MarkedRequest) -> HttpResponse:
        if mongodb.is_away():
            return unavailable(request, f"{mongodb.name} is away")
        with ExitStack() as request.database_limit:
            return self.get_response(request)

    def process_view(self, request: MarkedRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        """The view is known now, and with it how long it may take."""
        name = view_name(request)
        if name not in UNLIMITED and not name.startswith(_UNLIMITED_PREFIXES):
            request.database_limit.enter_context(pymongo.timeout(REQUEST_SECONDS))

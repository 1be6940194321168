"""The type of requests with what FinBrain's middleware adds."""

import re
from contextlib import ExitStack

from django.http import HttpRequest

# Names in URL patterns.
_SECRETS_IN_PATHS = ("key", "uidb36", "token")
# No id is that long. Paths that lead nowhere, because a character is missing, may hold secrets as well.
_LONG_PART = re.compile(r"[^/]{40,}")


class MarkedRequest(HttpRequest):
    """A request with marks, each of which exists only once its middleware has run.

    is_probe: sent by a monitor, not by a person. handled: what the request's log line says about an outage.
    database_limit: the context with the time limit for all calls to MongoDB, left once the request is answered.
    """

    is_probe: bool
    handled: dict[str, str]
    database_limit: ExitStack


def view_name(request: HttpRequest) -> str:
    """The name of the URL pattern; "" if none was resolved (static files, responses of middleware)."""
    match = request.resolver_match
    return (match.view_name or "") if match else ""


def safe_path(request: HttpRequest) -> str:
    """The path without its query and without secrets from emailed links."""
    path = request.path
    if request.resolver_match:
        for name, value in request.resolver_match.kwargs.items():
            if name in _SECRETS_IN_PATHS and value:
                path = path.replace(str(value), "*")
    return _LONG_PART.sub("*", path)

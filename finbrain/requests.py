"""The type of requests with what FinBrain's middleware adds."""

from contextlib import ExitStack

from django.http import HttpRequest


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

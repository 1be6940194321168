"""What FinBrain's middleware adds to a request."""

from contextlib import ExitStack

from django.http import HttpRequest


class MarkedRequest(HttpRequest):
    """Each mark is only there once the middleware that sets it has run.

    is_probe: of a monitor, not of a person. handled: what the request's line in the log says about an outage.
    database_limit: holds the limit for all calls to MongoDB until the request is answered.
    """

    is_probe: bool
    handled: dict[str, str]
    database_limit: ExitStack


def view_name(request: HttpRequest) -> str:
    """The name of the URL pattern; empty when none was asked (static files, answers of a middleware)."""
    match = request.resolver_match
    return (match.view_name or "") if match else ""

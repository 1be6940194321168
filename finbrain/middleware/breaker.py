"""Answers 503 at once while MongoDB is known to be away, so that nobody waits in line for a time-out."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from finbrain.breaker import mongodb
from finbrain.outage import unavailable


class AnswerAtOnce:
    """Stands behind the CSRF middleware, whose cookie the kept form needs, and before everything that asks MongoDB."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if mongodb.is_away():
            return unavailable(request, f"{mongodb.name} is away")
        return self.get_response(request)

"""Answers a person who reached a rate limit: with a page that keeps the form that was sent, or for htmx a message."""

import json
from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from finbrain.core.rate_limits import WINDOW_SECONDS, TooManyRequestsError
from finbrain.outage import kept_form
from finbrain.requests import MarkedRequest

TOO_MANY = 429


class AnswerTooMany:
    """Middleware that must come after the one that recognises htmx."""

    def __init__(self, get_response: Callable[[MarkedRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: MarkedRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: MarkedRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, TooManyRequestsError):
            return None
        headers = {"Retry-After": str(WINDOW_SECONDS), "Cache-Control": "no-store"}
        if "HX-Request" in request.headers:
            text = _("That's too many requests at once. Wait a minute, then try again.")
            toast = json.dumps({"toast": {"text": text, "error": True}})
            return HttpResponse(status=TOO_MANY, headers=headers | {"HX-Trigger": toast})
        response = render(request, "429.html", kept_form(request), status=TOO_MANY)
        for name, value in headers.items():
            response[name] = value
        return response

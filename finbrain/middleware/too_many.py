"""Limits the views of accounts, and answers a person who reached any limit.

They get a page that keeps the form that was sent, or for htmx a message.
"""

import json
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from finbrain.core.rate_limits import MINUTE, TooManyRequestsError, limit, seconds_left
from finbrain.outage import kept_form
from finbrain.requests import MarkedRequest, view_name

TOO_MANY = 429
_ACCOUNTS = "accounts/"
# Their requests are frequent and cheap, or limited by the view.
_OTHERS = {"heartbeat", "password_strength"}


class AnswerTooMany:
    """Middleware that must come after the one that recognises htmx."""

    def __init__(self, get_response: Callable[[MarkedRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: MarkedRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: MarkedRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Limit how often a person, or else an address, may ask for views of accounts. Most of them are allauth's."""
        match = request.resolver_match
        is_limited = hasattr(view, "limit") or view_name(request) in _OTHERS
        if match is None or is_limited or not match.route.startswith(_ACCOUNTS):
            return None
        try:
            limit("account", request.user.pk or get_adapter().get_client_ip(request))
        except TooManyRequestsError as error:
            return self._answer(request, error.seconds)
        return None

    def process_exception(self, request: MarkedRequest, error: Exception) -> HttpResponse | None:
        return self._answer(request, error.seconds) if isinstance(error, TooManyRequestsError) else None

    def _answer(self, request: MarkedRequest, seconds: int) -> HttpResponse:
        headers = {"Retry-After": str(seconds_left(seconds)), "Cache-Control": "no-store"}
        at_once = _("That's too many requests at once. Wait a minute, then try again.")
        text = at_once if seconds == MINUTE else _("That's too many requests in one hour. Try again later.")
        if "HX-Request" in request.headers:
            toast = json.dumps({"toast": {"text": text, "error": True}})
            return HttpResponse(status=TOO_MANY, headers=headers | {"HX-Trigger": toast})
        response = render(request, "429.html", kept_form(request) | {"too_many_requests": text}, status=TOO_MANY)
        for name, value in headers.items():
            response[name] = value
        return response

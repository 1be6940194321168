"""Shows a page to people who open an address that only accepts forms, for example from the address bar."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

_WRONG_METHOD = 405


class ExplainWrongMethod:
    """Middleware that adds a page to the empty 405 of a browser's GET, and keeps its `Allow` header for programs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != _WRONG_METHOD or request.method != "GET" or not request.accepts("text/html"):
            return response
        page = render(request, "405.html", status=_WRONG_METHOD)
        page["Allow"] = response["Allow"]
        return page

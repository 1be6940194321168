"""A page instead of nothing for who opens an address that only takes forms, say by Enter in the address bar."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

_WRONG_METHOD = 405


class ExplainWrongMethod:
    """Django's answer to a wrong method has no body. Only people's GET gets a page; `Allow` stays for programs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != _WRONG_METHOD or request.method != "GET" or not request.accepts("text/html"):
            return response
        page = render(request, "405.html", status=_WRONG_METHOD)
        page["Allow"] = response["Allow"]
        return page

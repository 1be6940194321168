"""Django's pages for errors, also for a request whose form can't be read.

Each page reads the form for its CSRF token. If that fails, the error would have no page but end in another one.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException, UnreadablePostError
from django.views import defaults

_UNREADABLE = (BadRequest, SuspiciousOperation, MultiPartParserError, RawPostDataException, UnreadablePostError)
_Page = Callable[..., HttpResponse]


def _without_broken_form(page: _Page) -> _Page:
    @wraps(page)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            request.POST  # noqa: B018 - reads the form
        except _UNREADABLE:
            request.POST = QueryDict()
        return page(request, *args, **kwargs)

    return wrapper


bad_request = _without_broken_form(defaults.bad_request)
permission_denied = _without_broken_form(defaults.permission_denied)
page_not_found = _without_broken_form(defaults.page_not_found)
server_error = _without_broken_form(defaults.server_error)

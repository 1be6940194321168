"""The WSGI handler. What the headers and body of a request say is text in UTF-8, or the answer is 400.

Django reads the content type while it makes the request, before any middleware. An error there would reach the web
server. Other encodings would give texts that MongoDB can't store.
"""

import codecs
import logging
from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.http import parse_header_parameters

_CHARSETS = ("utf-8", "ascii")
logger = logging.getLogger(__name__)


class Request(WSGIRequest):
    """A request that keeps an unreadable content type for `middleware/readable.py` to refuse."""

    has_readable_type = True

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        """Read the content type. Unlike Django's method, never decode the query by its charset."""
        self.content_type, self.content_params, charset = "", {}, ""
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
            charset = codecs.lookup(self.content_params.get("charset", "utf-8")).name
        except (ValueError, LookupError):
            logger.info("The content type can't be read")
        self.has_readable_type = charset in _CHARSETS


class Handler(WSGIHandler):
    """Django's handler. Its answer to HEAD has no body, which the web server would have to drop."""

    request_class = Request

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        response = super().get_response(request)
        if request.method == "HEAD":
            setattr(response, "streaming_content" if response.streaming else "content", ())
        return response

"""The WSGI handler's request: what its headers and body say is text in UTF-8, or the answer is 400.

Django reads the content type while it makes the request, before any middleware. An error there would reach the web
server. Other encodings would give texts that MongoDB can't store.
"""

import codecs
from typing import Any

from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest


class Request(WSGIRequest):
    """A request that keeps an unreadable content type for `middleware/readable.py` to refuse."""

    has_readable_type = True

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            super()._set_content_type_params(meta)
            self.has_readable_type = codecs.lookup(self.encoding or "utf-8").name in ("utf-8", "ascii")
        except (ValueError, LookupError):  # such as charset*=utf-8''%00
            self.content_type, self.content_params = "", {}
            self.has_readable_type = False
        self._encoding = None

    def _load_post_and_files(self) -> None:
        """Read the form. Raises BadRequest for parts whose headers name an encoding that isn't one for text."""
        try:
            super()._load_post_and_files()
        except (ValueError, LookupError) as error:
            self._mark_post_parse_error()
            raise BadRequest("The form can't be read") from error


class Handler(WSGIHandler):
    request_class = Request

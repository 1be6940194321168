"""Refuses unreadable requests and too long queries, and ignores headers that should be URLs and aren't."""

import logging
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from django.core.exceptions import BadRequest, FieldDoesNotExist
from django.http import HttpRequest, HttpResponse

from finbrain.core.mongodb_patches import NotAKeyError
from finbrain.error_pages import bad_request

# An Origin isn't among them: Django's CSRF check refuses one that it can't read.
_URL_HEADERS = ("HTTP_HX_CURRENT_URL", "HTTP_REFERER")
# More than gunicorn lets through. The admin searches with a regular expression, and MongoDB refuses much longer ones.
_LONGEST_QUERY = 16_000

logger = logging.getLogger(__name__)


class ReadableOnly:
    """Middleware that comes before all that reads headers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not getattr(request, "has_readable_type", True):
            raise BadRequest("The content type can't be read")
        if len(request.META.get("QUERY_STRING", "")) > _LONGEST_QUERY:
            raise BadRequest("The query is too long")
        for name in _URL_HEADERS:
            if not _is_url(request.META.get(name, "")):
                logger.info("Ignored the header %s, which is not a URL", name)
                del request.META[name]
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer 400 where the admin looked for a key that isn't one, such as a ticked row, or for an unknown field."""
        if not isinstance(exception, NotAKeyError | FieldDoesNotExist):
            return None
        logger.warning("Refused a request (%s)", type(exception).__name__)
        return bad_request(request, exception)


def _is_url(text: str) -> bool:
    """Whether Python can take the text apart as a URL, also once it is unquoted, as htmx may ask for."""
    try:
        return all(urlsplit(each).port != -1 for each in (text, unquote(text)))  # `port` raises if it isn't a number
    except ValueError:
        return False

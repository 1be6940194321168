"""Compresses the pages: text that is worth it, while files that are compressed already stay as they are."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

_WORTH_IT = 1024
TEXTS = ("text/", "application/json", "image/svg+xml")


class CompressText(GZipMiddleware):
    """Django's, which also makes the length of each answer random, so that it tells nothing about secrets in it."""

    def process_response(
        self, request: HttpRequest, response: HttpResponse | StreamingHttpResponse
    ) -> HttpResponseBase:
        text = response.get("Content-Type", "").startswith(TEXTS)
        if not text or response.streaming or len(response.content) < _WORTH_IT:
            return response
        return super().process_response(request, response)

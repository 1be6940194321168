"""Compresses text in responses, and leaves already compressed files alone."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

_WORTH_IT = 1024
_TEXTS = ("text/", "application/json", "image/svg+xml")


class CompressText(GZipMiddleware):
    """Django's middleware, limited to text. It also randomises the length, which could otherwise reveal secrets."""

    def process_response(
        self, request: HttpRequest, response: HttpResponse | StreamingHttpResponse
    ) -> HttpResponseBase:
        text = response.get("Content-Type", "").startswith(_TEXTS)
        if not text or response.streaming or len(response.content) < _WORTH_IT:
            return response
        return super().process_response(request, response)

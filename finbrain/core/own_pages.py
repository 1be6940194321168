"""Tells whether a URL from a request leads to a page of this site."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def is_own_page(request: HttpRequest, url: str) -> bool:
    """Whether `url` is a path of this site, or a whole URL on the request's host. FinBrain redirects to nothing else.

    A bare word is neither: Django's `redirect` would take it for the name of a view.
    """
    whole = url.startswith(("/", "http://", "https://"))
    return whole and url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())

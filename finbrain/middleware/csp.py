"""The content security policy, strict but in the admin, whose theme needs `eval` and inline styles."""

from collections.abc import Callable
from functools import cache

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse

_ADMIN = {"script-src": ["'unsafe-eval'", "'unsafe-inline'"], "style-src": ["'unsafe-inline'"]}
# Django's own, with inline styles.
_DEBUG_PAGES = (404, 500)


class ContentSecurityPolicy:
    """django-csp's text, which is the same for all pages and so made once instead of at every request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not (settings.DEBUG and response.status_code in _DEBUG_PAGES):
            response.headers.setdefault(HEADER, policy(request.path_info.startswith("/admin/")))
        return response


@cache
def policy(in_admin: bool) -> str:
    return build_policy(update=_ADMIN if in_admin else None)

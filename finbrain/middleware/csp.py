"""The content security policy: strict, except in the admin, whose theme needs `eval` and inline styles."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_HEADER = "Content-Security-Policy"
_DIRECTIVES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
_IN_ADMIN = _DIRECTIVES | {
    "script-src": "'self' 'unsafe-eval' 'unsafe-inline'",
    "style-src": "'self' 'unsafe-inline'",
}
# Django's own pages, with inline styles.
_DEBUG_PAGES = (404, 500)


def _as_text(directives: dict[str, str]) -> str:
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())


_POLICY, _POLICY_IN_ADMIN = _as_text(_DIRECTIVES), _as_text(_IN_ADMIN)


class ContentSecurityPolicy:
    """Middleware that adds the policy's header to every response without one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not (settings.DEBUG and response.status_code in _DEBUG_PAGES):
            in_admin = request.path_info.startswith("/admin/")
            response.headers.setdefault(_HEADER, _POLICY_IN_ADMIN if in_admin else _POLICY)
        return response

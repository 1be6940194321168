"""The content security policy, strict but in the admin, whose theme needs `eval` and inline styles."""

from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse

ADMIN = {"script-src": ["'unsafe-eval'", "'unsafe-inline'"], "style-src": ["'unsafe-inline'"]}


class ContentSecurityPolicy(CSPMiddleware):
    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.path_info.startswith("/admin/"):
            response._csp_update = ADMIN
        return super().process_response(request, response)

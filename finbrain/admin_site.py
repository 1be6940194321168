"""The admin site. It uses the normal sign-in, with email, second step and rate limits."""

from collections.abc import Callable
from typing import Any, cast

from allauth.account.decorators import secure_admin_login
from django.http import HttpRequest, HttpResponse
from unfold.sites import UnfoldAdminSite


class FinbrainAdminSite(UnfoldAdminSite):
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        guarded = cast("Callable[..., HttpResponse]", secure_admin_login(super().login))  # has no annotations
        return guarded(request, extra_context)

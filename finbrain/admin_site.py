"""The admin site: the normal sign-in, with a second step where ADMIN_SECOND_STEP says so, rate limits and a log."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, cast

import structlog
from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import secure_admin_login
from allauth.core.internal import ratelimit  # the public one never limits GET requests
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from unfold.sites import UnfoldAdminSite

from finbrain.core.rate_limits import limit
from finbrain.logs import person_hash
from finbrain.requests import view_name

View = Callable[..., HttpResponse]

logger = structlog.get_logger("finbrain.admin")

# The apps whose rows are about people. Two of them are named "Accounts".
_ABOUT_PEOPLE = ("accounts", "account", "usersessions", "mfa", "auth")


class FinbrainAdminSite(UnfoldAdminSite):
    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and not _lacks_second_step(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """List the apps, with all that is about people as one."""
        apps = super().get_app_list(request, app_label)
        found = {app["app_label"]: app for app in apps}
        about_people = [found[label] for label in _ABOUT_PEOPLE if label in found]
        if app_label or not about_people:
            return apps
        models = [model for app in about_people for model in app["models"]]
        people = {**about_people[0], "name": _("People"), "models": models}
        return [people, *(app for app in apps if app not in about_people)]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not ratelimit.consume(request, app="allauth.account", action="admin_sign_in", limit_get=True):
            return ratelimit.respond_429(request)
        if super().has_permission(request) and _lacks_second_step(request):
            return _ask_for_second_step(request)
        guarded = cast("View", secure_admin_login(super().login))  # has no annotations
        return guarded(request, extra_context)

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Every page of the admin except the sign-in: limited, and logged if it may change something."""
        guarded = super().admin_view(view, cacheable)

        def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            may_enter, person = self.has_permission(request), str(request.user.pk)  # signing out forgets both
            if may_enter:
                limit("admin", person)
            response = guarded(request, *args, **kwargs)
            if may_enter and request.method == "POST":
                _log_action(request, person, response)
            return response

        return update_wrapper(limited, guarded)


def _lacks_second_step(request: HttpRequest) -> bool:
    """Whether the admin wants a second step and this session was opened, or confirmed, without one."""
    if not settings.ADMIN_SECOND_STEP:
        return False
    records = get_authentication_records(request, cast("AbstractBaseUser", request.user))
    return not any(record.get("method") == "mfa" for record in records)


def _ask_for_second_step(request: HttpRequest) -> HttpResponse:
    """Ask staff who are signed in for their second step, or to set one up."""
    person = cast("AbstractBaseUser", request.user)
    if is_mfa_enabled(person, [Authenticator.Type.TOTP]):
        page = "mfa_reauthenticate"
    elif is_mfa_enabled(person, [Authenticator.Type.WEBAUTHN]):
        page = "mfa_reauthenticate_webauthn"
    else:
        messages.info(request, _("The admin needs a second step. Set one up here, then open the admin again."))
        return redirect("mfa_index")
    return redirect(f"{reverse(page)}?{urlencode({REDIRECT_FIELD_NAME: reverse('admin:index')})}")


def _log_action(request: HttpRequest, person: str, response: HttpResponse) -> None:
    """Log who did what. Django also records changes in the database, but not all actions on lists."""
    logger.info(
        "admin action",
        user=person_hash(person),
        view=view_name(request),
        action=request.POST.get("action", "")[:50],
        chosen=len(request.POST.getlist("_selected_action")),
        status=response.status_code,
    )

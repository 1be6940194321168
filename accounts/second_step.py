"""Asks for the second step before a link in an email grants something. Accounts without one are not asked."""

import time
from types import SimpleNamespace

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import Login
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from accounts.models import User

_KEY = "second_step"


def is_step_missing(request: HttpRequest, user: User) -> bool:
    """Whether the account has a second step that this session hasn't taken in the last few minutes."""
    if not is_mfa_enabled(user):
        return False
    taken = [record["at"] for record in get_authentication_records(request, user) if record["method"] == "mfa"]
    return not taken or time.time() - taken[-1] > app_settings.REAUTHENTICATION_TIMEOUT


def ask(request: HttpRequest, user: User) -> HttpResponse:
    """Lead to the page that asks, and from there back to this one. Call it only after checking the link."""
    request.session[_KEY] = {"user": str(user.pk), "next": request.path}
    return redirect("account_second_step")


@method_decorator(never_cache, name="dispatch")
class _SecondStepView(AuthenticateView):
    """allauth's page for the second step of a sign-in, without the sign-in."""

    template_name = "account/second_step.html"

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        asked = request.session.get(_KEY)
        user = User.objects.filter(pk=asked["user"]).first() if asked else None
        if user is None or not is_mfa_enabled(user):
            return redirect("account_login")
        self.stage = SimpleNamespace(login=Login(user=user))
        self.form = self._build_forms()
        return super(AuthenticateView, self).dispatch(request, *args, **kwargs)

    def form_valid(self, form) -> HttpResponse:
        form.save()
        return redirect(self.request.session.pop(_KEY)["next"])


ask_second_step = _SecondStepView.as_view()

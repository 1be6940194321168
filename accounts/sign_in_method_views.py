"""The page of second steps, and the one that removes what is damaged."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core.internal.httpkit import authenticated_user
from allauth.mfa.base.internal.flows import delete_and_cleanup
from allauth.mfa.base.views import IndexView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.reauthentication import proof_required
from accounts.request_types import UserRequest
from accounts.sign_in_methods import damaged_of


class _SecondSteps(IndexView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"damaged": damaged_of(authenticated_user(self.request))}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@proof_required
def remove_damaged(request: UserRequest) -> HttpResponse:
    """Remove the second steps that can't be read, and tell the person by email."""
    damaged = damaged_of(request.user)
    if request.method == "POST" and damaged:
        for method in damaged:
            delete_and_cleanup(request, method)
        get_adapter(request).send_notification_mail("mfa/email/damaged_removed", request.user)
        messages.success(request, _("The damaged second steps have been removed."))
    if request.method == "POST" or not damaged:
        return redirect("mfa_index")
    return render(request, "mfa/remove_damaged.html", {"damaged": damaged})


second_steps = _SecondSteps.as_view()

"""Asking people to confirm their identity before something that cannot be undone."""

from collections.abc import Callable
from functools import wraps
from typing import cast

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

View = Callable[..., HttpResponse]


def proof_required(view: View) -> View:
    """Decorate a view so that people confirm their identity first, unless they did so in the last few minutes.

    A form that arrives too late leads back to its page. allauth would keep the form and submit it after the next
    confirmation, even if the person had changed their mind and only came back to look.
    """
    asking = cast("View", reauthentication_required(view))  # has no annotations

    @wraps(view)
    def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method == "POST" and not did_recently_reauthenticate(request):
            return redirect(request.path)
        return asking(request, *args, **kwargs)

    return wrapper

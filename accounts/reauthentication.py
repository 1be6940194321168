"""Who asks for something that cannot be taken back shows once more who they are."""

from collections.abc import Callable
from functools import wraps
from typing import cast

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

View = Callable[..., HttpResponse]


def proof_required(view: View) -> View:
    """The person has shown who they are within the last minutes, or is asked to.

    A form that came too late leads to its page again. allauth would keep it and send it by itself after the next
    proof, even if the person had turned away meanwhile and only came back to look.
    """
    asking = cast("View", reauthentication_required(view))  # has no annotations

    @wraps(view)
    def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method == "POST" and not did_recently_reauthenticate(request):
            return redirect(request.path)
        return asking(request, *args, **kwargs)

    return wrapper

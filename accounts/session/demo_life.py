"""Keeps a demo account for a day after its last use."""

from collections.abc import Callable
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import User

_WRITE_AT_MOST_EVERY = timedelta(hours=1)


class KeepDemoAlive:
    """Middleware that postpones a demo's expiry while it is used, at most once an hour. Costs other people nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        user = getattr(request, "_cached_user", None)
        if user is not None and user.is_authenticated and user.is_demo:
            prolong(user)
        return response


def prolong(user: User) -> None:
    """Set the demo to expire a day from now, if that is at least an hour later than before."""
    ends = timezone.now() + User.DEMO_LIFE
    if user.demo_expires_at < ends - _WRITE_AT_MOST_EVERY:
        User.objects.filter(pk=user.pk, demo_expires_at__isnull=False).update(demo_expires_at=ends)

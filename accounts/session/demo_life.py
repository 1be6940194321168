"""Keeps a demo account for a day after its last use."""

from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User

_WRITE_AT_MOST_EVERY = timedelta(hours=1)


def keep_demo_alive(request: HttpRequest) -> None:
    """Postpone a demo's expiry while it is used, at most once an hour. Costs other people nothing."""
    user = getattr(request, "_cached_user", None)
    if user is not None and user.is_authenticated and user.is_demo:
        prolong(user)


def prolong(user: User) -> None:
    """Set the demo to expire a day from now, if that is at least an hour later than before."""
    ends = timezone.now() + User.DEMO_LIFE
    if user.demo_expires_at < ends - _WRITE_AT_MOST_EVERY:
        User.objects.filter(pk=user.pk, demo_expires_at__isnull=False).update(demo_expires_at=ends)

"""Keeps tests from running past midnight, when what they dated today becomes yesterday's."""

import time
from datetime import timedelta

from django.utils import timezone

# Longer than a test takes on a busy machine.
_BEFORE = timedelta(minutes=3)


def wait_until_past() -> None:
    """Wait until midnight is past if it is near."""
    now = timezone.localtime()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    if midnight - now < _BEFORE:
        time.sleep((midnight - now).total_seconds() + 1)

"""Tests wait longer than people, and periodic looks happen once a test: a busy machine fails nothing.

What a page may take in production is in the settings and modules named here; finbrain/tests/faults tries it out with
servers of its own, to which none of this applies.
"""

from types import SimpleNamespace

from django.conf import settings

from accounts import afterwards
from classifier import serving
from expenses.listing import totals
from expenses.rates import rate_series
from expenses.statements import sheets
from finbrain.core import breaker, redis_client
from finbrain.middleware import fail_fast

SECONDS = 120.0
NEVER_AGAIN = float("inf")
IN_PRODUCTION = SimpleNamespace(
    request=fail_fast.REQUEST_SECONDS, ping=breaker.PING_SECONDS, model=serving._CHECK_SECONDS
)


def install() -> None:
    """Before the first connection."""
    lift_limits()
    # What pages leave for later is done when the test client has its answer.
    afterwards.start = afterwards.do
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, NEVER_AGAIN)
    settings.MFA_TOTP_TOLERANCE = 20  # a code of an app counts for ten minutes, not only until the app shows the next
    # A process looks for a new model and new rates after `forget()`, and not again because time went by: what a page
    # costs then depends on the page alone.
    serving._CHECK_SECONDS = rate_series.STATE_SECONDS = NEVER_AGAIN


def lift_limits() -> None:
    """What a call of MongoDB or Redis, a request, a ping, reading a spreadsheet or adding up a list may take.

    Fixtures make and delete tens of thousands of rows in one call, which no page does.
    """
    milliseconds = int(SECONDS * 1000)
    limits = ("timeoutMS", "serverSelectionTimeoutMS", "connectTimeoutMS")
    settings.DATABASES["default"]["OPTIONS"] |= dict.fromkeys(limits, milliseconds)
    for cache in settings.CACHES.values():
        cache["OPTIONS"] |= dict.fromkeys(("SOCKET_CONNECT_TIMEOUT", "SOCKET_TIMEOUT"), SECONDS)
    fail_fast.REQUEST_SECONDS = breaker.PING_SECONDS = redis_client.PING_SECONDS = sheets.SECONDS = SECONDS
    totals.SECONDS = totals.SECONDS_WITH_PAGE = SECONDS

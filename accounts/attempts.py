"""Limits for guessing passwords and codes that never lock out the rightful owner.

Attempts count per email address and network, so somebody elsewhere can't use up the owner's. A device on which that
address has signed in before has its own count, which nobody else can touch.
"""

from collections.abc import Callable
from typing import cast

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import RateLimitUsage
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django.http import HttpRequest

from accounts.known_devices import known_device
from accounts.models import User
from accounts.networks import network_of


def _consume(request: HttpRequest, action: str, key: str) -> RateLimitUsage | None:
    """Count one use of `action` (a name in ACCOUNT_RATE_LIMITS). None if there were too many."""
    return ratelimit.consume(request, app="allauth.account", action=action, key=key, limit_get=True)


def count_password(request: HttpRequest, email: str) -> RateLimitUsage | None:
    """Count an attempt to sign in. None if there were too many. Roll the result back if the password is right."""
    if device := known_device(request, email):
        return _consume(request, "login_failed_on_device", f"{email}|{device}")
    if not _consume(request, "sign_in", email):
        return None
    return _consume(request, "login_failed", f"{email}|{network_of(request)}")


def forget_passwords(request: HttpRequest, email: str) -> None:
    """Reset the count of this device or network after a password reset."""
    key = f"{email}|{network_of(request)}"
    ratelimit.clear(request, app="allauth.account", action="login_failed", key=key)
    if device := known_device(request, email):
        ratelimit.clear(request, app="allauth.account", action="login_failed_on_device", key=f"{email}|{device}")


def count_reset(request: HttpRequest, email: str) -> bool:
    """Count a request for a password reset. False if there were too many: then no email is sent."""
    if device := known_device(request, email):
        return bool(_consume(request, "reset_password_on_device", f"{email}|{device}"))
    own = _consume(request, "reset_password", f"{email}|{network_of(request)}")
    return bool(own and _consume(request, "reset_password_anywhere", email))


def _count_code(user: User, error_key: str | None = None) -> Callable[[], None]:
    """Count an attempt at the second step; returns what undoes it. Raises ValidationError if there were too many.

    Whoever gets here knows the password, and a code has six digits only. So unknown devices also share a count.
    """
    request, key = cast("HttpRequest", context.request), f"code|{user.pk}"
    if device := known_device(request, user.email):
        usage = _consume(request, "login_failed_on_device", f"{key}|{device}")
    else:
        usage = _consume(request, "login_failed", f"{key}|{network_of(request)}")
        usage = usage and _consume(request, "second_step_anywhere", key) and usage
    if not usage:
        raise get_adapter().validation_error(error_key or "too_many_login_attempts")
    return usage.rollback


def patch_attempts() -> None:
    """Make allauth count codes here. It has one count per account, so anybody with the password could lock it."""
    for module in (mfa_forms, totp_forms, webauthn_forms):
        vars(module)["check_rate_limit"] = _count_code

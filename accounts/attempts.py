"""Limits for guessing passwords and codes that never lock out the rightful owner.

Attempts count per email address and network, so somebody elsewhere can't use up the owner's. A device on which that
address has signed in before has its own count, which nobody else can touch.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from secrets import token_bytes
from time import time
from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import Rate
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django.core.cache import cache
from django.http import HttpRequest

from accounts.known_devices import known_device
from accounts.models import User
from accounts.networks import network_of
from finbrain.core.caches import redis_client

# Counts an attempt under each key that has room for it, up to the first that has none. Each key has the attempts of as
# many seconds as its limit says. A damaged one starts again.
COUNT = """
for at, key in ipairs(KEYS) do
  local most, seconds = tonumber(ARGV[2 * at + 1]), tonumber(ARGV[2 * at + 2])
  if redis.call('TYPE', key).ok ~= 'zset' then redis.call('DEL', key) end
  redis.call('ZREMRANGEBYSCORE', key, '-inf', ARGV[2] - seconds)
  if redis.call('ZCARD', key) >= most then return 0 end
  redis.call('ZADD', key, ARGV[2], ARGV[1])
  redis.call('EXPIRE', key, math.ceil(seconds))
end
return 1
"""


@dataclass(frozen=True)
class Attempt:
    """A counted attempt. keys: those that no longer count it if it succeeds."""

    id: bytes
    keys: Sequence[str]

    def rollback(self) -> None:
        """Take the attempt back from the counts of failures, in one call to Redis."""
        calls = redis_client().pipeline(transaction=False)
        for key in self.keys:
            calls.zrem(key, self.id)
        calls.execute()


def _keys_of(request: HttpRequest, action: str, key: str) -> dict[str, Rate]:
    """The keys in Redis that count `action` (a name in ACCOUNT_RATE_LIMITS), with the limit of each."""
    rates = ratelimit.get_rates(app="allauth.account", action=action)
    named: dict[str, Any] = {"app": "allauth.account", "action": action, "key": key}
    return {cache.make_key(f"attempts:{ratelimit.get_cache_key(request, rate=rate, **named)}"): rate for rate in rates}


def _count(request: HttpRequest, actions: Mapping[str, str]) -> Attempt | None:
    """Count an attempt, in one call to Redis. None if there were too many. actions: what to count, and of whom."""
    limits = {action: _keys_of(request, action, key) for action, key in actions.items()}
    keys = {name: rate for names in limits.values() for name, rate in names.items()}
    attempt = Attempt(token_bytes(8), [*limits.get("login_failed", ()), *limits.get("login_failed_on_device", ())])
    numbers = [number for rate in keys.values() for number in (rate.amount, rate.duration)]
    allowed = redis_client().register_script(COUNT)(keys=list(keys), args=[attempt.id, time(), *numbers])
    return attempt if allowed else None


def count_password(request: HttpRequest, email: str) -> Attempt | None:
    """Count an attempt to sign in. None if there were too many. Roll the result back if the password is right."""
    if device := known_device(request, email):
        return _count(request, {"login_failed_on_device": f"{email}|{device}"})
    return _count(request, {"sign_in": email, "login_failed": f"{email}|{network_of(request)}"})


def forget_passwords(request: HttpRequest, email: str) -> None:
    """Reset the count of this device or network after a password reset."""
    keys = _keys_of(request, "login_failed", f"{email}|{network_of(request)}")
    if device := known_device(request, email):
        keys |= _keys_of(request, "login_failed_on_device", f"{email}|{device}")
    if keys:
        redis_client().delete(*keys)


def count_reset(request: HttpRequest, email: str) -> bool:
    """Count a request for a password reset. False if there were too many: then no email is sent."""
    if device := known_device(request, email):
        return bool(_count(request, {"reset_password_on_device": f"{email}|{device}"}))
    own = {"reset_password": f"{email}|{network_of(request)}"}
    return bool(_count(request, own | {"reset_password_anywhere": email}))


def _count_code(user: User, error_key: str | None = None) -> Callable[[], None]:
    """Count an attempt at the second step; returns what undoes it. Raises ValidationError if there were too many.

    Whoever gets here knows the password, and a code has six digits only. So unknown devices also share a count.
    """
    request, key = cast("HttpRequest", context.request), f"code|{user.pk}"
    if device := known_device(request, user.email):
        attempt = _count(request, {"login_failed_on_device": f"{key}|{device}"})
    else:
        attempt = _count(request, {"login_failed": f"{key}|{network_of(request)}", "second_step_anywhere": key})
    if not attempt:
        raise get_adapter().validation_error(error_key or "too_many_login_attempts")
    return attempt.rollback


def patch_attempts() -> None:
    """Make allauth count codes here. It has one count per account, so anybody with the password could lock it."""
    for module in (mfa_forms, totp_forms, webauthn_forms):
        vars(module)["check_rate_limit"] = _count_code

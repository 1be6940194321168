"""Checks that a stored session has the shape that Django, allauth and FinBrain give it.

Whoever reads a session relies on that: allauth even calls the function whose name a session holds.
"""

import json
from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY as SUSPENDED
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.account.views import INTERNAL_RESET_SESSION_KEY
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.webauthn.internal.auth import STATE_SESSION_KEY as PASSKEY_STATE
from bson import ObjectId
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.messages.storage.cookie import MessageDecoder
from django.contrib.messages.storage.session import SessionStorage

_Check = Callable[[Any], bool]
_NUMBERS = (int, float)


def has_our_shape(data: Any) -> bool:
    """Whether every part of the session that code relies on has the type that it expects."""
    return isinstance(data, dict) and all(check(data[name]) for name, check in _CHECKS.items() if name in data)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value.isprintable()


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and ObjectId.is_valid(value)


def _is_seconds(value: Any) -> bool:
    return type(value) is int and 0 <= value < 2**31


def _is_last_use(value: Any) -> bool:
    return isinstance(value, list) and list(map(type, value)) == [str, int]


def _are_records(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(record, dict) and isinstance(record.get("at"), _NUMBERS) for record in value
    )


def _is_suspended_request(value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("request", ""), str):
        return False
    return isinstance(callback := value.get("callback", "allauth."), str) and callback.startswith("allauth.")


def _is_login(value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("initiated_at"), _NUMBERS):
        return False
    texts = ("redirect_url", "email", "phone", "user_pk", "email_verification")
    parts = isinstance(value.get("state"), dict) and isinstance(value.get("signal_kwargs"), dict | None)
    return parts and all(isinstance(value.get(name), str | None) for name in texts)


def _is_passkey_state(value: Any) -> bool:
    return isinstance(value, dict) and _is_text(value.get("challenge"))


def _are_messages(value: Any) -> bool:
    """Whether Django can read the messages."""
    try:
        return isinstance(json.loads(value, cls=MessageDecoder), list)
    except (ValueError, TypeError, LookupError, RecursionError):
        return False


_CHECKS: dict[str, _Check] = {
    SESSION_KEY: _is_id,
    BACKEND_SESSION_KEY: _is_text,
    HASH_SESSION_KEY: _is_text,
    "_session_expiry": _is_seconds,
    SessionStorage.session_key: _are_messages,
    "seen": _is_last_use,
    AUTHENTICATION_METHODS_SESSION_KEY: _are_records,
    SUSPENDED: _is_suspended_request,
    LOGIN_SESSION_KEY: _is_login,
    INTERNAL_RESET_SESSION_KEY: _is_text,
    SECRET_SESSION_KEY: _is_text,
    PASSKEY_STATE: _is_passkey_state,
}

"""Sign-in methods as they are stored: what allauth makes of them, or a stand-in if the document is damaged.

A damaged method must not open the account. So it still counts as a second step, but accepts no code and no passkey.
"""

import logging
import struct
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, hotp_value
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ImproperlyConfigured, ValidationError

from finbrain.core import stored

# What allauth, fido2 and cryptography raise for values of another shape, and for bytes that aren't their structure.
UNREADABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, struct.error)
# Characters of a secret. An empty or cut one would make codes that anybody can compute.
_SHORTEST_SECRET = 16
_SHORTEST_SEED = 32

logger = logging.getLogger(__name__)


class _NoCredential:
    """The key of a damaged passkey. It is false, so browsers aren't asked for it, and it has nobody's id."""

    credential_id = None

    def __bool__(self) -> bool:
        return False


class Damaged:
    """A stand-in for a method that can't be read, with what allauth asks of any of its wrappers."""

    is_damaged = True
    name = ""
    is_passwordless = None
    did_view = True
    authenticator_data = SimpleNamespace(credential_data=_NoCredential())

    def __init__(self, instance: Authenticator) -> None:
        self.instance = instance

    def validate_code(self, code: str) -> bool:
        return False

    def get_unused_codes(self) -> list[str]:
        return []


class _Passkey(WebAuthn):
    """allauth's wrapper of a passkey, without its errors if only the name or a note about the device is damaged."""

    @property
    def name(self) -> str:
        return stored.text(self.instance.data.get("name"))

    @name.setter
    def name(self, name: str) -> None:
        self.instance.data["name"] = name

    @property
    def is_passwordless(self) -> bool | None:
        try:
            return super().is_passwordless
        except AttributeError:
            return None


def patch_sign_in_methods() -> None:
    """Make every page of allauth read sign-in methods with `_read`. Calling it again changes nothing."""
    Authenticator.add_to_class("wrap", _read)
    Authenticator.add_to_class("__str__", _method_name)


def _read(method: Authenticator) -> Any:
    """Return allauth's wrapper of the method, or `Damaged` if anything that allauth relies on can't be read."""
    try:
        return _READERS[method.type](method)
    except ImproperlyConfigured as error:  # says which setting to mend
        logger.error("A second step is unreadable: %s", error)
    except (*UNREADABLE, ValidationError) as error:
        logger.error("A second step is damaged (%s)", type(error).__name__)
    return Damaged(method)


def damaged_of(user: AbstractBaseUser) -> list[Authenticator]:
    """The person's sign-in methods that can't be read."""
    return [one for one in Authenticator.objects.filter(user_id=user.pk) if isinstance(one.wrap(), Damaged)]


def _method_name(method: Authenticator) -> str:
    """The name of a passkey, or the type of another method."""
    name = stored.text(method.data.get("name")) if isinstance(method.data, dict) else ""
    return name or str(cast(Any, method).get_type_display())


def _read_app(method: Authenticator) -> TOTP:
    hotp_value(_at_least(_SHORTEST_SECRET, decrypt(method.data["secret"])), 0)
    return TOTP(method)


def _read_codes(method: Authenticator) -> RecoveryCodes:
    _at_least(_SHORTEST_SEED, decrypt(method.data["seed"]))
    if type(method.data["used_mask"]) is not int:
        raise TypeError("The mask of used codes is no whole number")
    RecoveryCodes(method).get_unused_codes()
    return RecoveryCodes(method)


def _read_passkey(method: Authenticator) -> _Passkey:
    passkey = _Passkey(method)
    if not passkey.authenticator_data.credential_data:
        raise ValueError("A passkey without a key")
    return passkey


def _at_least(length: int, secret: str) -> str:
    if len(secret) < length:
        raise ValueError("A secret that is cut")
    return secret


_READERS: dict[str, Callable[[Authenticator], Any]] = {
    Authenticator.Type.TOTP: _read_app,
    Authenticator.Type.RECOVERY_CODES: _read_codes,
    Authenticator.Type.WEBAUTHN: _read_passkey,
}

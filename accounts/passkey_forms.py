"""allauth's forms for passkeys, which refuse what isn't a passkey's answer instead of failing on it."""

import logging
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as webauthn

# What fido2 and allauth raise for JSON of another shape, and for bytes that aren't the expected structure.
_UNREADABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, struct.error)

logger = logging.getLogger(__name__)


@contextmanager
def refusing_unreadable() -> Iterator[None]:
    """Raise the same validation error for an unreadable answer as for a wrong one."""
    try:
        yield
    except _UNREADABLE as error:
        logger.warning("Refused a passkey's answer that can't be read (%s)", type(error).__name__)
        raise get_adapter().validation_error("incorrect_code") from error


class AddForm(webauthn.AddWebAuthnForm):
    def clean(self) -> dict[str, Any]:
        with refusing_unreadable():
            return super().clean()


class LoginForm(webauthn.LoginWebAuthnForm):
    def clean_credential(self) -> Authenticator:
        with refusing_unreadable():
            return super().clean_credential()


class ReauthenticateForm(webauthn.ReauthenticateWebAuthnForm):
    def clean_credential(self) -> Authenticator:
        with refusing_unreadable():
            return super().clean_credential()

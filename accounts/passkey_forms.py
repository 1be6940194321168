"""allauth's forms for passkeys, which refuse what isn't a passkey's answer instead of failing on it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as webauthn
from django import forms

from accounts.sign_in_methods import UNREADABLE

logger = logging.getLogger(__name__)


@contextmanager
def _refusing_unreadable() -> Iterator[None]:
    """Raise the same validation error for an unreadable answer as for a wrong one."""
    try:
        yield
    except UNREADABLE as error:
        logger.warning("Refused a passkey's answer that can't be read (%s)", type(error).__name__)
        raise get_adapter().validation_error("incorrect_code") from error


class OneAnswer(forms.HiddenInput):
    """A hidden field that stays empty: an answer works once, and what was sent may hold what no page can."""

    def format_value(self, value: Any) -> None:
        return None


class AddForm(webauthn.AddWebAuthnForm):
    credential = forms.JSONField(widget=OneAnswer)

    def clean(self) -> dict[str, Any]:
        with _refusing_unreadable():
            return super().clean()


class AuthenticateByPasskeyForm(webauthn.AuthenticateWebAuthnForm):
    credential = forms.JSONField(widget=OneAnswer)

    def clean_credential(self) -> Authenticator:
        with _refusing_unreadable():
            return super().clean_credential()


class LoginByPasskeyForm(AuthenticateByPasskeyForm, webauthn.LoginWebAuthnForm):
    pass


class ReauthenticateByPasskeyForm(AuthenticateByPasskeyForm, webauthn.ReauthenticateWebAuthnForm):
    pass

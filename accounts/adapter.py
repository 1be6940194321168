"""allauth's adapters: how FinBrain stores emails, sends messages and names passkeys."""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from accounts.devices import device_name
from accounts.emails import normalise_email
from accounts.passwords import LONGEST
from finbrain.core.own_pages import is_own_page

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    def clean_email(self, email: str) -> str:
        """Return the email in its stored form, so that the unique index treats Ann@x.com and ann@x.com as the same."""
        return normalise_email(super().clean_email(email))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Reject a password over the limit without hashing it. The attempt counts towards the rate limit."""
        if len(credentials.get("password", "")) > LONGEST:
            self.pre_authenticate(request, **credentials)
            return None
        return super().authenticate(request, **credentials)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send an email. If the mail server is down, log it and show an error instead of failing the page."""
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError):
            logger.exception("Could not send the email %s", template_prefix)
            text = _("We couldn't send the email. Please try again in a few minutes.")
            if self.request is not None:  # None in a job, where nobody is waiting for the email
                messages.error(self.request, text)

    def get_reauthentication_methods(self, user: AbstractBaseUser) -> list[dict[str, Any]]:
        words = {
            "mfa_reauthenticate": _("Use the authenticator app"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        methods = super().get_reauthentication_methods(user)
        return [method | {"description": words.get(method["id"], method["description"])} for method in methods]

    def is_safe_url(self, url: str) -> bool:
        return context.request is not None and is_own_page(context.request, url)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url("account_settings")


class MFAAdapter(DefaultMFAAdapter):
    def _get_site_name(self) -> str:
        """The issuer that authenticator apps and browsers show for the account."""
        return "FinBrain"

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """Suggest a name for a new passkey: that of the device."""
        request = context.request
        return device_name(request.headers.get("User-Agent", "") if request else "")

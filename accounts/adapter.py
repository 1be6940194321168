"""What allauth asks FinBrain about."""

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

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    def clean_email(self, email: str) -> str:
        """One address, one form: the unique index must see Ann@x.com and ann@x.com as one."""
        return normalise_email(super().clean_email(email))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """A password that is too long for everybody is wrong without being hashed; the attempt counts."""
        if len(credentials.get("password", "")) > LONGEST:
            self.pre_authenticate(request, **credentials)
            return None
        return super().authenticate(request, **credentials)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that is away does not take the page with it; people can ask for the mail again."""
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError):
            logger.exception("A mail could not be sent: %s", template_prefix)
            text = _("The e-mail could not be sent just now. Please try again in some minutes.")
            if self.request is not None:  # nobody waits for the mail of a job
                messages.error(self.request, text)

    def get_reauthentication_methods(self, user: AbstractBaseUser) -> list[dict[str, Any]]:
        words = {
            "mfa_reauthenticate": _("Use the authenticator app"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        methods = super().get_reauthentication_methods(user)
        return [method | {"description": words.get(method["id"], method["description"])} for method in methods]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url("account_settings")


class MFAAdapter(DefaultMFAAdapter):
    def _get_site_name(self) -> str:
        """How the account is called in authenticator apps and by browsers."""
        return "FinBrain"

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """Suggests the device's name for a new passkey."""
        request = context.request
        return device_name(request.headers.get("User-Agent", "") if request else "")

"""allauth's adapters: how FinBrain stores emails, sends messages and names passkeys."""

import logging
from collections.abc import Collection
from smtplib import SMTPException
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from accounts import attempts, grants, known_devices, second_step_secrets, stop_links
from accounts.devices import device_name
from accounts.emails import LONGEST_EMAIL, normalise_email
from accounts.error_words import ACCOUNT_ERRORS, SECOND_STEP_ERRORS
from accounts.models import User
from accounts.passwords import LONGEST
from accounts.session import keep_signed_in
from finbrain.core.own_pages import is_own_page

logger = logging.getLogger(__name__)

# In the session of somebody who is signing in: the password that counted when they began.
BEGUN_WITH = "sign_in_begun_with"
_SECOND_STEPS = {Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {**DefaultAccountAdapter.error_messages, **ACCOUNT_ERRORS}

    def clean_email(self, email: str) -> str:
        """Return the email in its stored form, so that the unique index treats Ann@x.com and ann@x.com as the same."""
        stored = normalise_email(super().clean_email(email))
        MaxLengthValidator(LONGEST_EMAIL)(stored)
        return stored

    def clean_password(self, password: str, user: AbstractBaseUser | None = None) -> str:
        """Raises ValidationError with the first fault only: a weak password often has several that are really one."""
        try:
            return super().clean_password(password, user)
        except ValidationError as error:
            raise error.error_list[0] from None

    def save_user(self, request: HttpRequest, user: User, form: forms.Form, commit: bool = True) -> User:
        user.share_feedback = form.cleaned_data["share_feedback"]
        super().save_user(request, user, form, commit)
        return user

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Reject a password over the limit without hashing it. The attempt counts towards the rate limit."""
        if len(credentials.get("password", "")) > LONGEST:
            self.pre_authenticate(request, **credentials)
            return None
        return super().authenticate(request, **credentials)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt. Raises ValidationError if there were too many."""
        self._login_failed_rl_usage = attempts.count_password(request, credentials.get("email", "").lower())
        if not self._login_failed_rl_usage:
            raise self.validation_error("too_many_login_attempts")

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        attempts.forget_passwords(request, credentials["email"])

    def pre_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse | None:
        request.session[BEGUN_WITH] = user.get_session_auth_hash()
        keep_signed_in.note_answer(request)
        if details.get("signup"):
            record_authentication(request, user, method="password")
        return super().pre_login(request, user, **details)

    def login(self, request: HttpRequest, user: User) -> None:
        """Complete a sign-in, unless the password has changed since it began, such as during the second step."""
        if request.session.pop(BEGUN_WITH, "") != user.get_session_auth_hash():
            raise ImmediateHttpResponse(redirect("account_login"))
        answer = keep_signed_in.take_answer(request)
        super().login(request, user)
        if answer is not None:
            keep_signed_in.stay(request, signed_in=answer)
        if records := get_authentication_records(request, user):
            # Whoever has just signed in is not asked again before something that can't be undone.
            records[-1]["reauthenticated"] = True
            request.session.modified = True

    def post_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse:
        response = super().post_login(request, user, **details)
        known_devices.remember_device(request, response, user.email)
        return response

    def generate_emailconfirmation_key(self, email: str) -> str:
        """A random key that ends with what the link presumes (accounts/grants.py)."""
        user = User.objects.get(email=email)
        return get_random_string(64 - grants.DIGEST_LENGTH).lower() + grants.digest(user)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send an email. If the mail server is down, log it and show an error instead of failing the page."""
        try:
            super().send_mail(template_prefix, email, _on_our_site(context))
        except (SMTPException, OSError):
            logger.exception("Could not send the email %s", template_prefix)
            text = _("We couldn't send the email. Please try again in a few minutes.")
            if self.request is not None:  # None in a job, where nobody is waiting for the email
                messages.error(self.request, text)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Report what happened to the account, with a link that stops it (accounts/stop_links.py).

        allauth knows no address of accounts without a row in EmailAddress, such as those that a command created.
        """
        stop = {"stop_url": stop_links.link(str(user.pk), user.email)}
        super().send_notification_mail(template_prefix, user, stop | (context or {}), email or user.email)

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


def _on_our_site(context: dict[str, Any]) -> dict[str, Any]:
    """The context of an email with every link on SITE_URL: allauth takes the host from the request, which may lie."""
    return {name: _moved(value) if name.endswith("_url") else value for name, value in context.items()}


def _moved(url: str) -> str:
    return settings.SITE_URL + urlunsplit(("", "", *urlsplit(url)[2:]))


class MFAAdapter(DefaultMFAAdapter):
    error_messages = {**DefaultMFAAdapter.error_messages, **SECOND_STEP_ERRORS}

    def _get_site_name(self) -> str:
        """The issuer that authenticator apps and browsers show for the account."""
        return "FinBrain"

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """Suggest a name for a new passkey: that of the device."""
        request = context.request
        return device_name(request.headers.get("User-Agent", "") if request else "")

    def is_mfa_enabled(self, user: AbstractBaseUser, types: Collection[str] | None = None) -> bool:
        """Whether the account has a sign-in method of one of the types.

        If the question is about any second step, everything counts: a damaged document may have lost its type, and
        recovery codes may be all that is left.
        """
        if types and set(types) >= _SECOND_STEPS:
            types = None
        return super().is_mfa_enabled(user, types)

    def encrypt(self, text: str) -> str:
        return second_step_secrets.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return second_step_secrets.decrypt(encrypted_text)

"""allauth's forms with our labels. They can't be in `accounts.forms`, because allauth imports that module."""

from typing import Any

from allauth.account import app_settings
from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import passkey_forms
from accounts.emails import normalise_email
from accounts.error_words import DIFFERENT_PASSWORDS
from accounts.forms import in_any_script
from accounts.sign_in_methods import damaged_of
from accounts.unproven import is_mandatory

_DAY = 24 * 3600
_GOOD_PASSWORD = _("Use 8 to 128 characters. A few random words make a strong password.")
_LABELS = {
    "email": _("Email"),
    "login": _("Email"),
    "oldpassword": _("Current password"),
    "password1": _("New password"),
    "password2": _("Repeat the password"),
}


def _staying_signed_in() -> forms.BooleanField:
    """The question whether the session outlives the browser. Most devices are one's own, so it is ticked."""
    days = max(1, app_settings.SESSION_COOKIE_AGE // _DAY)
    text = ngettext(
        "For %(days)d day. Untick it on a shared device: FinBrain then signs you out when you stop using it.",
        "For %(days)d days. Untick it on a shared device: FinBrain then signs you out when you stop using it.",
        days,
    )
    label = _("Keep me signed in on this device")
    return forms.BooleanField(label=label, initial=True, required=False, help_text=text % {"days": days})


class InOurWords(forms.Form):
    """Mixin that uses labels instead of placeholders, and one sentence about passwords instead of a list of rules.

    begins_in: the field that has the cursor.
    """

    begins_in: str

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = _LABELS.get(name, field.label)
        if "password1" in self.fields:
            self.fields["password1"].help_text = _GOOD_PASSWORD
        for name in {"email", "login"} & self.fields.keys():
            in_any_script(self.fields[name])
        self.fields[self.begins_in].widget.attrs["autofocus"] = True

    def add_error(self, field: str | None, error: Any) -> None:
        """Say that the passwords differ in our words: allauth adds its sentence as plain text, without a code."""
        is_about_repeating = field == "password2" and not isinstance(error, forms.ValidationError)
        super().add_error(field, DIFFERENT_PASSWORDS if is_about_repeating else error)


class SignupForm(InOurWords, account.SignupForm):
    begins_in = "first_name"

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("Password")
        self.fields["remember"] = _staying_signed_in()

    def validate_unique_email(self, value: str) -> str:
        """Where emails are verified, don't even look: the time that takes would tell who has an account."""
        return value if is_mandatory() else super().validate_unique_email(value)


class LoginForm(InOurWords, account.LoginForm):
    def __init__(self, *args, **kwargs) -> None:
        self.begins_in = "password" if kwargs.get("data") else "login"
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username webauthn"
        self.fields["remember"] = _staying_signed_in()

    def clean_login(self) -> str:
        return normalise_email(super().clean_login())


class ResetPasswordForm(InOurWords, account.ResetPasswordForm):
    begins_in = "email"

    def clean_email(self) -> str:
        """Return the address in its stored form, so that the email can't go to a similar-looking address."""
        return normalise_email(self.cleaned_data["email"])


class ResetPasswordKeyForm(InOurWords, account.ResetPasswordKeyForm):
    begins_in = "password1"


class ChangePasswordForm(InOurWords, account.ChangePasswordForm):
    begins_in = "oldpassword"


class SetPasswordForm(InOurWords, account.SetPasswordForm):
    begins_in = "password1"


class ReauthenticateForm(InOurWords, account.ReauthenticateForm):
    begins_in = "password"


class Digits:
    """Mixin for a code: it has the cursor, and phones show the number keys and suggest one from a text message."""

    fields: dict[str, forms.Field]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label = _("Code")
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs.update(inputmode="numeric", autocomplete="one-time-code", dir="ltr", autofocus=True)


class AuthenticateForm(Digits, mfa.AuthenticateForm):
    def has_damaged(self) -> bool:
        """Whether the page must say that a second step of the person can't be read."""
        return bool(damaged_of(self.user))


class ReauthenticateByCodeForm(Digits, mfa.ReauthenticateForm):
    pass


class ActivateAppForm(Digits, totp.ActivateTOTPForm):
    pass


class AddPasskeyForm(passkey_forms.AddForm):
    name = forms.CharField(label=_("Name"), max_length=60, required=False)
    passwordless = forms.BooleanField(
        label=_("Use it instead of my password"),
        initial=True,
        required=False,
        help_text=_("If off, FinBrain asks for the passkey after your password."),
    )


class EditPasskeyForm(webauthn.EditWebAuthnForm):
    name = forms.CharField(label=_("Name"), max_length=60)

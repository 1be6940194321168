"""allauth's forms with our words. Not in `forms`, which allauth itself imports."""

from allauth.account import forms as account
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.emails import normalise
from accounts.forms import in_any_script

GOOD_PASSWORD = _("Some words in a row make a good password: 8 to 128 characters.")


class InOurWords:
    """Labels instead of placeholders, and one sentence about passwords instead of a list of what is forbidden."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        if "password1" in self.fields:
            self.fields["password1"].help_text = GOOD_PASSWORD
        for name in {"email", "login"} & self.fields.keys():
            in_any_script(self.fields[name])
            self.fields[name].label = _("E-mail")


class SignupForm(InOurWords, account.SignupForm):
    pass


class LoginForm(InOurWords, account.LoginForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username webauthn"
        self.fields["remember"].label = _("Keep me signed in on this device")

    def clean_login(self) -> str:
        return normalise(super().clean_login())


class ResetPasswordForm(InOurWords, account.ResetPasswordForm):
    def clean_email(self) -> str:
        """The mail goes to the address as it is stored, never to a look-alike that was typed."""
        self.cleaned_data["email"] = normalise(self.cleaned_data["email"])
        return super().clean_email()


class ResetPasswordKeyForm(InOurWords, account.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(InOurWords, account.ChangePasswordForm):
    pass


class SetPasswordForm(InOurWords, account.SetPasswordForm):
    pass


class ReauthenticateForm(InOurWords, account.ReauthenticateForm):
    pass


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    name = forms.CharField(label=_("Name"), max_length=60, required=False)
    passwordless = forms.BooleanField(
        label=_("Sign in with it instead of my password"),
        initial=True,
        required=False,
        help_text=_("Without this it is asked for after the password."),
    )


class EditPasskeyForm(webauthn.EditWebAuthnForm):
    name = forms.CharField(label=_("Name"), max_length=60)

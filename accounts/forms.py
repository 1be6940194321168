"""Names and e-mail addresses as people enter them."""

import unicodedata

from allauth.account.adapter import get_adapter
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User

NAME_LENGTH = 150
# Part of how Persian and several Indian names are written.
_JOINERS = "\u200c\u200d"


class NameField(forms.CharField):
    """A name in any script, on one line, in composed characters, without invisible ones that could disguise it."""

    def __init__(self, **kwargs) -> None:
        super().__init__(**{"max_length": NAME_LENGTH, **kwargs})
        self.widget.attrs["dir"] = "auto"

    def to_python(self, value: object) -> str:
        text = " ".join(unicodedata.normalize("NFC", super().to_python(value) or "").split())
        text = "".join(char for char in text if char in _JOINERS or unicodedata.category(char) != "Cf")
        if any(unicodedata.category(char) in ("Cc", "Co", "Cs") for char in text):
            raise ValidationError(_("Please remove the invisible control characters."), code="control")
        return text


def first_name() -> NameField:
    return NameField(label=_("First name"), widget=forms.TextInput({"autocomplete": "given-name"}))


def last_name() -> NameField:
    return NameField(label=_("Last name"), required=False, widget=forms.TextInput({"autocomplete": "family-name"}))


def in_any_script(field: forms.Field) -> None:
    """Let browsers send every address: `type=email` accepts ASCII only."""
    field.widget.input_type = "text"
    field.widget.attrs.update(inputmode="email", autocapitalize="none", spellcheck="false", dir="ltr")


class SignupForm(forms.Form):
    """Mixed into allauth's sign-up form, which saves the two names itself."""

    first_name = first_name()
    last_name = last_name()
    field_order = ("first_name", "last_name", "email", "password1", "password2")

    def clean(self) -> dict:
        """allauth checks the password too, but knows the e-mail address only, not the names."""
        cleaned = super().clean() or self.cleaned_data
        if password := cleaned.get("password1"):
            person = User(**{name: cleaned.get(name, "") for name in ("first_name", "last_name", "email")})
            try:
                get_adapter().clean_password(password, user=person)
            except ValidationError as error:
                self.add_error("password1", error)
        return cleaned

    def signup(self, request, user) -> None:
        """Nothing is left to do: the adapter's save_user stores the names."""


class ProfileForm(forms.ModelForm):
    first_name = first_name()
    last_name = last_name()

    class Meta:
        model = User
        fields = ("first_name", "last_name")


class EmailChangeForm(forms.Form):
    """The new address, in the form in which it is stored."""

    email = forms.EmailField(label=_("New e-mail address"), max_length=254)

    def __init__(self, *args, current: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.current = current
        self.fields["email"].widget.attrs["autocomplete"] = "email"
        in_any_script(self.fields["email"])

    def clean_email(self) -> str:
        email = get_adapter().clean_email(self.cleaned_data["email"])
        if email == self.current:
            raise ValidationError(_("That is your address already."))
        return email

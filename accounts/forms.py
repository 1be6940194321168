"""Forms for names and emails."""

import unicodedata

from allauth.account.adapter import get_adapter
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User

_NAME_LENGTH = 150
# Joiners, which Persian and several Indian languages need to spell names.
_JOINERS = "\u200c\u200d"


class NameField(forms.CharField):
    """A name in any script: one line, NFC, without invisible characters that could disguise it."""

    def __init__(self, **kwargs) -> None:
        super().__init__(**{"max_length": _NAME_LENGTH, **kwargs})
        self.widget.attrs["dir"] = "auto"

    def to_python(self, value: object) -> str:
        text = " ".join(unicodedata.normalize("NFC", super().to_python(value) or "").split())
        text = "".join(char for char in text if char in _JOINERS or unicodedata.category(char) != "Cf")
        if any(unicodedata.category(char) in ("Cc", "Co", "Cs") for char in text):
            raise ValidationError(
                _("This text contains invisible control characters. Remove them and try again."), code="control"
            )
        return text


def first_name() -> NameField:
    return NameField(label=_("First name"), widget=forms.TextInput({"autocomplete": "given-name"}))


def last_name() -> NameField:
    return NameField(label=_("Last name"), required=False, widget=forms.TextInput({"autocomplete": "family-name"}))


def sharing() -> forms.BooleanField:
    """The question whether the person shares corrections. It is off until they say yes."""
    return forms.BooleanField(
        label=_("Share my corrections to improve FinBrain for everyone"),
        required=False,
        help_text=_(
            "Shares the title and category, without your name, after a reviewer approves them. "
            "Your own suggestions always learn from your corrections."
        ),
    )


def in_any_script(field: forms.Field) -> None:
    """Make the field accept every email: browsers allow only ASCII with `type=email`."""
    field.widget.input_type = "text"
    field.widget.attrs.update(inputmode="email", autocapitalize="none", spellcheck="false", dir="ltr")


class SignupFields(forms.Form):
    """The names and the question about sharing on allauth's sign-up form. The adapter's `save_user` stores them."""

    first_name = first_name()
    last_name = last_name()
    share_feedback = sharing()
    field_order = ("first_name", "last_name", "email", "password1", "password2", "share_feedback")

    def clean(self) -> dict:
        """Check the password against the names as well: allauth compares it only with the email."""
        cleaned = super().clean() or self.cleaned_data
        if password := cleaned.get("password1"):
            person = User(**{name: cleaned.get(name, "") for name in ("first_name", "last_name", "email")})
            try:
                get_adapter().clean_password(password, user=person)
            except ValidationError as error:
                self.add_error("password1", error)
        return cleaned

    def signup(self, request, user) -> None:
        """Do nothing, because the adapter's `save_user` has already stored everything."""


class ProfileForm(forms.ModelForm):
    first_name = first_name()
    last_name = last_name()

    class Meta:
        model = User
        fields = ("first_name", "last_name")


class EmailChangeForm(forms.Form):
    """The new email, cleaned to its stored form."""

    email = forms.EmailField(label=_("New email"))

    def __init__(self, *args, current: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.current = current
        self.fields["email"].widget.attrs["autocomplete"] = "email"
        in_any_script(self.fields["email"])

    def clean_email(self) -> str:
        email = get_adapter().clean_email(self.cleaned_data["email"])
        if email == self.current:
            raise ValidationError(_("This is already your email."))
        return email

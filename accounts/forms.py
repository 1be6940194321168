"""What sign-up asks for besides e-mail and password."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SignupForm(forms.Form):
    """Mixed into allauth's sign-up form, which saves the two names itself."""

    first_name = forms.CharField(label=_("First name"), max_length=150)
    last_name = forms.CharField(label=_("Last name"), max_length=150)
    field_order = ("first_name", "last_name", "email", "password1", "password2")

    def signup(self, request, user) -> None:
        """Nothing is left to do: the adapter's save_user stores the names."""

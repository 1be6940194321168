"""The form for the emails that a person wants, with a box for each kind."""

from django import forms

from accounts.models import User
from expenses.emails.all_kinds import KINDS


class EmailForm(forms.ModelForm):
    class Meta:
        model = User
        fields = tuple(kind.setting for kind in KINDS)
        labels = {kind.setting: kind.question for kind in KINDS}
        help_texts = {kind.setting: kind.help_text for kind in KINDS}

"""The form for what the calendar feed shows."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class CalendarForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("calendar_amounts",)
        labels = {"calendar_amounts": _("Show the amounts")}

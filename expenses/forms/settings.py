"""Forms on the settings page and for deleting the account."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from accounts.forms import sharing
from accounts.models import User
from expenses.forms.fields import named_currency_choices, show_stored
from expenses.months import LAST_WORKING_DAY, OTHER_DAYS

LOWEST, HIGHEST = 40, 99


def language_choices() -> list[tuple[str, str]]:
    """Choices of all languages, each named in itself, after the browser's language."""
    names = [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]
    return [("", str(_("Use my browser's language"))), *names]


def month_start_choices() -> list[tuple[str, str]]:
    """Return the days on which months can begin."""
    return [("", "1"), *((day, day) for day in OTHER_DAYS), (LAST_WORKING_DAY, str(_("Last working day")))]


class PreferencesForm(forms.ModelForm):
    home_currency = forms.ChoiceField(
        label=_("Home currency"),
        choices=named_currency_choices,
        help_text=_("FinBrain converts totals to this currency. The amounts you entered don't change."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=language_choices, required=False)
    month_start = forms.ChoiceField(
        label=_("Month starts on"),
        choices=month_start_choices,
        required=False,
        help_text=_(
            "If it is 25, March is March 25 to April 24. This applies to lists, the dashboard, budgets and emails, "
            "also in the past. The last working day is never a Saturday or Sunday."
        ),
        error_messages={"invalid_choice": _("Choose a day from 1 to 31, or the last working day.")},
    )

    class Meta:
        model = User
        fields = ("home_currency", "language", "week_start", "month_start", "theme")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            show_stored(field, self.initial[name])


class CashForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("count_cash",)
        help_texts = {
            "count_cash": _("A withdrawal is only moved, or it is spent under Other. This applies to the past, too.")
        }


class FilingForm(forms.ModelForm):
    """Form for automatic filing. The threshold is in percent here, but a share (0 to 1) in the model."""

    use_required_attribute = False  # HTML does not allow `required` on a slider

    threshold = forms.IntegerField(
        label=_("File automatically from"),
        min_value=LOWEST,
        max_value=HIGHEST,
        widget=forms.NumberInput({"type": "range", "step": 1}),
    )
    share_feedback = sharing()

    class Meta:
        model = User
        fields = ("share_feedback",)

    def __init__(self, *args: Any, initial: Mapping[str, Any], **kwargs: Any) -> None:
        percent = round(initial["auto_file_threshold"] * 100)
        super().__init__(*args, initial={**initial, "threshold": min(max(percent, LOWEST), HIGHEST)}, **kwargs)

    def clean(self) -> dict[str, Any]:
        super().clean()
        if "threshold" in self.cleaned_data:
            self.instance.auto_file_threshold = self.cleaned_data["threshold"] / 100
        return self.cleaned_data


class DeletionForm(forms.Form):
    understood = forms.BooleanField(label=_("Yes, permanently delete my account and everything in it"))

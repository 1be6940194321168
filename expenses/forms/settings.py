"""What people can set about FinBrain."""

from typing import Any

from babel.numbers import get_currency_name
from django import forms
from django.conf import settings
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from expenses import money
from expenses.money.formatting import babel_locale

LOWEST, HIGHEST = 40, 99


def home_currency_choices() -> list[tuple[str, str]]:
    locale = babel_locale(get_language())
    return [(code, f"{code} · {get_currency_name(code, locale=locale)}") for code in money.CURRENT]


def language_choices() -> list[tuple[str, str]]:
    """Each in its own words."""
    names = [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]
    return [("", str(_("As the browser says"))), *names]


class PreferencesForm(forms.ModelForm):
    home_currency = forms.ChoiceField(
        label=_("Home currency"),
        choices=home_currency_choices,
        help_text=_("Totals are shown in it. What you entered stays as it is."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=language_choices, required=False)

    class Meta:
        model = User
        fields = ("home_currency", "language", "theme")


class FilingForm(forms.ModelForm):
    """The threshold in percent: `auto_file_threshold` of the instance is a share."""

    use_required_attribute = False  # which HTML does not allow on a slider

    threshold = forms.IntegerField(
        label=_("File by itself from"),
        min_value=LOWEST,
        max_value=HIGHEST,
        widget=forms.NumberInput({"type": "range", "step": 1}),
    )

    class Meta:
        model = User
        fields = ("share_feedback",)
        labels = {"share_feedback": _("Let FinBrain learn from my corrections for everybody")}
        help_texts = {
            "share_feedback": _(
                "Shares the title and its category, without your name, once a reviewer approved it. "
                "Your own suggestions learn in any case."
            )
        }

    def __init__(self, *args, instance: User, **kwargs) -> None:
        percent = round(instance.auto_file_threshold * 100)
        initial = {"threshold": min(max(percent, LOWEST), HIGHEST), **kwargs.pop("initial", {})}
        super().__init__(*args, instance=instance, initial=initial, **kwargs)

    def clean(self) -> dict[str, Any]:
        super().clean()
        if "threshold" in self.cleaned_data:
            self.instance.auto_file_threshold = self.cleaned_data["threshold"] / 100
        return self.cleaned_data


class MailForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("monthly_summary",)
        labels = {"monthly_summary": _("Send me a summary of each month")}
        help_texts = {
            "monthly_summary": _(
                "On the first of the next month: the total, what changed, the biggest, what waits for review."
            )
        }


class DeletionForm(forms.Form):
    understood = forms.BooleanField(label=_("Yes, delete my account and everything in it for good"))

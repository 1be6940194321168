"""The errors of form fields in FinBrain's words, for Django's fields and validators, which allauth's forms use, too."""

from typing import Any

from django import forms
from django.core import validators
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

_CHOOSE = _("Choose one from the list.")
_NO_FILE = _("Choose a file first.")
_BY_FIELD: dict[type[forms.Field], dict[str, Any]] = {
    forms.Field: {"required": _("Fill this in.")},
    forms.BooleanField: {"required": _("Tick this box to continue.")},
    forms.IntegerField: {"invalid": _("That isn't a whole number. Enter one such as 12.")},
    forms.DateField: {"invalid": _("That isn't a date. Write it like 2026-08-20.")},
    forms.ChoiceField: {"required": _CHOOSE, "invalid_choice": _CHOOSE},
    forms.FileField: {
        **dict.fromkeys(("required", "invalid", "missing"), _NO_FILE),
        "empty": _("The file is empty. Choose another one."),
        "max_length": ngettext_lazy(
            "The file's name is too long. Shorten it to at most %(max)d character.",
            "The file's name is too long. Shorten it to at most %(max)d characters.",
            "max",
        ),
    },
    forms.JSONField: {"invalid": _("Part of this form is missing. Reload the page and try again.")},
}
_BY_VALIDATOR: dict[type, Promise] = {
    validators.EmailValidator: _("That isn't an email address. Write it like name@example.com."),
    validators.MinValueValidator: _("Enter %(limit_value)s or more."),
    validators.MaxValueValidator: _("Enter %(limit_value)s or less."),
    validators.MinLengthValidator: ngettext_lazy(
        "Use at least %(limit_value)d character. This has %(show_value)d.",
        "Use at least %(limit_value)d characters. This has %(show_value)d.",
        "limit_value",
    ),
    validators.MaxLengthValidator: ngettext_lazy(
        "Use at most %(limit_value)d character. This has %(show_value)d.",
        "Use at most %(limit_value)d characters. This has %(show_value)d.",
        "limit_value",
    ),
    validators.ProhibitNullCharactersValidator: _(
        "This text contains invisible control characters. Remove them and try again."
    ),
}


def say_in_our_words() -> None:
    """Replace Django's messages. Forms that exist already keep theirs, so call this before forms are imported.

    Texts get no `maxlength`: browsers silently cut what is pasted at that length. Here the form refuses it and says so.
    """
    for field, messages in _BY_FIELD.items():
        field.default_error_messages = {**vars(field).get("default_error_messages", {}), **messages}
    for validator, message in _BY_VALIDATOR.items():
        validator.message = message
    forms.CharField.widget_attrs = forms.Field.widget_attrs

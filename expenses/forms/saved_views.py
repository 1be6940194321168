"""The form for the name of a saved view."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from expenses.forms.entry import CleanTextField
from expenses.models.saved_views import NAME_LENGTH


class ViewNameForm(forms.Form):
    """Form for a view's name. taken: the names of the person's other views, if they can't be used again."""

    name = CleanTextField(
        label=gettext_lazy("Name"),
        max_length=NAME_LENGTH,
        error_messages={"required": gettext_lazy("Give the view a name.")},
    )

    def __init__(self, *args: Any, taken: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taken = {name.casefold() for name in taken}
        self.fields["name"].widget.attrs.update(dir="auto", autocomplete="off")

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if name.casefold() in self.taken:
            raise forms.ValidationError(_("Another view has this name. Choose a different one."), code="taken")
        return name

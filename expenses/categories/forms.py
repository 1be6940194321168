"""The form for one category."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from classifier.categories import ALL_CATEGORIES
from classifier.category_set import CategorySet, is_own
from expenses.categories.changes import CategoryError, Rows, check_name, free_palette
from expenses.forms.fields import CleanTextField
from expenses.models.own_categories import ICONS, NAME_LENGTH, PALETTE, CategoryRow

_ICON_NAMES = {
    "paw": gettext_lazy("Paw"),
    "plane": gettext_lazy("Plane"),
    "cup": gettext_lazy("Cup"),
    "baby": gettext_lazy("Baby"),
    "shirt": gettext_lazy("Shirt"),
    "phone": gettext_lazy("Phone"),
    "wrench": gettext_lazy("Wrench"),
    "film": gettext_lazy("Film"),
    "ball": gettext_lazy("Ball"),
    "bag": gettext_lazy("Bag"),
    "leaf": gettext_lazy("Leaf"),
    "music": gettext_lazy("Music"),
}


def icon_choices() -> list[tuple[str, str]]:
    named = {category.icon: category.name for category in ALL_CATEGORIES.values()} | _ICON_NAMES
    return [(icon, str(named[icon])) for icon in ICONS]


def palette_choices() -> list[tuple[str, str]]:
    return [(str(number), _("Colour %(n)d") % {"n": number}) for number in range(1, PALETTE + 1)]


def _base_choices(categories: CategorySet) -> list[tuple[str, list[tuple[str, Any]]]]:
    """Choices of the base categories that can have own ones, by kind."""
    kinds = [(kind, [pair for pair in pairs if not is_own(pair[0])]) for kind, pairs in categories.grouped_choices()]
    return [kinds[0], kinds[2]]


class CategoryForm(forms.Form):
    """Form for a category: a new own one below `base`, or a stored one (`row`)."""

    name = CleanTextField(
        label=gettext_lazy("Name"),
        max_length=NAME_LENGTH,
        error_messages={"required": gettext_lazy("Enter a name.")},
    )
    base = forms.ChoiceField(
        label=gettext_lazy("Part of"), help_text=gettext_lazy("Its total includes the new category.")
    )
    icon = forms.ChoiceField(label=gettext_lazy("Icon"), choices=icon_choices, widget=forms.RadioSelect)
    palette = forms.ChoiceField(label=gettext_lazy("Colour"), choices=palette_choices, widget=forms.RadioSelect)
    hidden = forms.BooleanField(
        label=gettext_lazy("Hidden"),
        required=False,
        help_text=gettext_lazy("Menus leave it out, and FinBrain never chooses it. Its expenses stay as they are."),
    )

    def __init__(
        self, *args: Any, rows: Rows, categories: CategorySet, row: CategoryRow | None = None, **kwargs: Any
    ) -> None:
        self.rows, self.row = rows, row
        initial = {"icon": ICONS[-1], "palette": str(free_palette(rows))}
        if row:
            shown = categories.category_of(row.slug)
            initial = {"name": shown.name, "icon": shown.icon, "palette": str(shown.palette), "hidden": row.hidden}
        super().__init__(*args, initial=initial, **kwargs)
        del self.fields["base" if row else "hidden"]
        base = self.fields.get("base")
        if isinstance(base, forms.ChoiceField):
            base.choices = _base_choices(categories)

    def clean_name(self) -> str:
        """Check the name. A base category that keeps its usual name has it in every language."""
        name = self.cleaned_data["name"]
        if self.row and not self.row.is_own and name == str(ALL_CATEGORIES[self.row.slug].name):
            return ""
        try:
            check_name(self.rows, name, self.row.slug if self.row else "")
        except CategoryError as error:
            raise forms.ValidationError(str(error)) from None
        return name

    def clean_palette(self) -> int:
        return int(self.cleaned_data["palette"])

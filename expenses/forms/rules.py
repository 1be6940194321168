"""The form for a rule. Its messages are at the fields that they are about."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from classifier.categories import Kind, kind_of
from classifier.category_set import category_of, shown_categories
from classifier.kinds import Direction
from classifier.text import normalise
from expenses import money
from expenses.forms.fields import CleanTextField, all_currency_choices, show_stored
from expenses.models import Expense
from expenses.models.limits import ACCOUNT_LENGTH, TITLE_LENGTH
from expenses.models.rules import MOST, How, Rule, live

_CONDITIONS = ("how", "text", "least", "most", "currency", "account", "direction")
_DECISIONS = ("category", "kind", "title", "one_off")


class LimitField(forms.CharField):
    """A field for a limit of amounts, in the notations of amounts. None if it is empty."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        try:
            return abs(money.parse_amount(text, None, get_language()).amount) if text else None
        except money.AmountError as error:
            raise forms.ValidationError(str(error), code="amount") from None


class RuleForm(forms.Form):
    """Form for a rule; once it is valid, `rule()` returns it. rules: all rules of the ledger. rule_id: of this one."""

    how = forms.ChoiceField(label=gettext_lazy("When"), choices=How.choices)
    text = CleanTextField(
        label=gettext_lazy("Text"),
        required=False,
        max_length=TITLE_LENGTH,
        help_text=gettext_lazy("A merchant is found whatever numbers, places and codes the bank adds."),
    )
    least = LimitField(label=gettext_lazy("Amount from"), required=False, max_length=60)
    most = LimitField(label=gettext_lazy("Amount up to"), required=False, max_length=60)
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), required=False)
    account = CleanTextField(label=gettext_lazy("Account"), required=False, max_length=ACCOUNT_LENGTH)
    direction = forms.ChoiceField(
        label=gettext_lazy("Direction"),
        required=False,
        choices=[
            ("", gettext_lazy("Any")),
            (Direction.OUT.value, gettext_lazy("Money out")),
            (Direction.IN.value, gettext_lazy("Money in")),
        ],
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Category"),
        required=False,
        choices=lambda: [("", _("Automatic")), *shown_categories().select_choices()],
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=lambda: [("", _("Automatic")), *Kind.choices],
        help_text=gettext_lazy("Only without a category, which has a kind of its own."),
    )
    title = CleanTextField(
        label=gettext_lazy("Title to show"),
        required=False,
        max_length=TITLE_LENGTH,
        help_text=gettext_lazy("Shown instead of the bank's text, which stays and is still found."),
    )
    one_off = forms.BooleanField(
        label=gettext_lazy("One-off"),
        required=False,
        help_text=gettext_lazy("Counts in every total. Averages, trends and comparisons leave it out."),
    )

    def __init__(self, *args: Any, rules: Iterable[Rule], rule_id: str, home_currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = [rule for rule in live(rules) if rule.id != rule_id]
        self.rule_id = rule_id
        self.is_new = all(rule.id != rule_id for rule in rules)
        currency, category = self.fields["currency"], self.initial.get("category", "")
        if isinstance(currency, forms.ChoiceField):
            currency.choices = [("", _("Any")), *all_currency_choices(home_currency)]
        show_stored(self.fields["category"], category, str(category_of(category).name))

    @property
    def conditions(self) -> list[forms.BoundField]:
        return [self[name] for name in _CONDITIONS]

    @property
    def decisions(self) -> list[forms.BoundField]:
        return [self[name] for name in _DECISIONS]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("how") == How.MERCHANT and data.get("text"):
            data["text"] = normalise(data["text"])
        least, most = data.get("least"), data.get("most")
        if least is not None and most is not None and least > most:
            self.add_error("most", _("This is less than the amount from which the rule applies."))
        if data.get("category") and data.get("kind") and kind_of(data["category"]) != data["kind"]:
            self.add_error("kind", _("This category has another kind. Leave the kind automatic."))
        if not self.errors:
            self._check_whole(data)
        return data

    def _check_whole(self, data: dict[str, Any]) -> None:
        """Check what several fields say together: that it is a rule, and one that the ledger doesn't have."""
        if not any(data[name] is not None and data[name] != "" for name in _CONDITIONS[1:]):
            self.add_error("text", _("Enter a text, or choose another condition below."))
        if not any(data[name] for name in _DECISIONS):
            self.add_error("category", _("Choose a category, or something else that the rule decides."))
        if not self.errors and any(rule.conditions == self.rule().conditions for rule in self.others):
            self.add_error("text", _("You already have a rule with these conditions. Change that one instead."))
        if self.is_new and len(self.others) >= MOST:
            self.add_error(None, _("You can have at most %(n)d rules. Delete one first.") % {"n": MOST})

    def rule(self) -> Rule:
        """Return the rule as typed, switched on."""
        values = {name: self.cleaned_data[name] for name in (*_CONDITIONS, *_DECISIONS)}
        values["kind"] = "" if values["category"] else values["kind"]
        return Rule(self.rule_id, **values)


def values_of(rule: Rule) -> dict[str, Any]:
    """Return the form's values for a rule."""
    values = {name: getattr(rule, name) for name in (*_CONDITIONS, *_DECISIONS)}
    limits = {name: f"{limit:f}" for name in ("least", "most") if (limit := values[name]) is not None}
    return values | {"least": "", "most": ""} | limits


def values_from(expense: Expense) -> dict[str, Any]:
    """Return the form's values for a rule that files everything from an expense's merchant like the expense."""
    merchant = normalise(expense.title)[:TITLE_LENGTH]
    return {"how": How.MERCHANT.value, "text": merchant, "category": expense.category, "title": expense.shown_title}

"""The forms for a budget and a goal. Their `cleaned_data` holds values as the models store them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from bson import ObjectId
from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from classifier.category_set import CategorySet, shown_categories
from expenses import money
from expenses.budgets.periods import later_period, start_of
from expenses.forms.fields import CleanTextField, named_currency_choices, show_stored
from expenses.models.budgets import (
    EVERYTHING,
    MOST_DAY,
    MOST_WEEKS,
    Amount,
    Budget,
    Goal,
    GoalKind,
    Per,
    Rollover,
    twin_of,
)
from expenses.models.limits import NOTE_LENGTH, TITLE_LENGTH
from expenses.months import EARLIEST_DAY, latest_day

_NOW, _NEXT, _ALWAYS = "now", "next", "always"
_APPLIES = (
    (_NOW, gettext_lazy("From this period on")),
    (_NEXT, gettext_lazy("From the next period on")),
    (_ALWAYS, gettext_lazy("For all periods")),
)
_EVERY = {Per.DAY: MOST_DAY, Per.WEEKS: MOST_WEEKS}


def _day(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("That isn't a date. Write it like 2026-08-20.")},
    )


def scope_choices() -> list[tuple[str, Promise | str]]:
    """Return everything, then the categories of what is spent."""
    return [(EVERYTHING, _("Everything")), *shown_categories().select_choices()[0][1]]


def twin_message() -> str:
    return _("You already have a budget for this and the same period. Change that one, or end it first.")


class _PlannedAmountForm(forms.Form):
    """The amount and the days that budgets and goals have in common."""

    amount = forms.CharField(
        label=gettext_lazy("Amount"),
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter an amount.")},
    )
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=named_currency_choices)
    starts_on = _day(gettext_lazy("First day"), required=True)

    def full_clean(self) -> None:
        """Validate the form. An invalid date is shown in a text field, because a date field would drop it."""
        super().full_clean()
        for name, field in self.fields.items():
            if self.is_bound and isinstance(field, forms.DateField) and name in self.errors:
                field.widget.attrs["type"] = "text"

    def clean_amount(self) -> Decimal:
        chosen = self.data.get("currency", "")
        code = chosen if chosen in money.CURRENT else money.EUR
        try:
            amount = money.parse_amount(self.cleaned_data["amount"], code, get_language()).amount
        except money.AmountError as error:
            raise forms.ValidationError(str(error), code="amount") from None
        if amount <= 0:
            raise forms.ValidationError(_("Enter an amount above zero."), code="amount")
        return amount

    def clean_starts_on(self) -> date:
        day, latest = self.cleaned_data["starts_on"], latest_day(timezone.localdate())
        if not EARLIEST_DAY <= day <= latest:
            message = _("The date must be between %(first)s and %(last)s.")
            raise forms.ValidationError(message, params={"first": EARLIEST_DAY, "last": latest}, code="range")
        return day

    def check_end(self, data: dict[str, Any], name: str) -> None:
        """Add an error if the last day is before the first one."""
        if data.get("starts_on") and data.get(name) and data[name] < data["starts_on"]:
            self.add_error(name, _("The last day can't be before the first day."))


class BudgetForm(_PlannedAmountForm):
    """Form for a new budget, or for a stored one."""

    scope = forms.ChoiceField(label=gettext_lazy("For"), choices=scope_choices)
    per = forms.ChoiceField(label=gettext_lazy("Period"), choices=Per.choices)
    every = forms.IntegerField(
        label=gettext_lazy("Day of the month, or number of weeks"),
        required=False,
        help_text=gettext_lazy("Only for a payday period."),
    )
    applies = forms.ChoiceField(
        label=gettext_lazy("A different amount applies"),
        choices=_APPLIES,
        required=False,
        help_text=gettext_lazy("Earlier periods keep their amount, unless you choose all periods."),
    )
    rollover = forms.ChoiceField(label=gettext_lazy("Carried over to the next period"), choices=Rollover.choices)
    ends_on = _day(gettext_lazy("Last day"))
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 2})
    )
    field_order = (
        *("scope", "amount", "currency", "applies", "per", "every"),
        *("rollover", "starts_on", "ends_on", "note"),
    )

    def __init__(
        self, *args: Any, budgets: Iterable[Budget], categories: CategorySet, budget: Budget | None = None, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.budgets, self.categories, self.budget = budgets, categories, budget
        if budget:
            show_stored(self.fields["scope"], self.initial["scope"])
            self.fields["per"].help_text = _("If the length of the periods changes, the amount applies to all of them.")
        else:
            del self.fields["applies"]
        self.fields["starts_on"].help_text = _(
            "The first period is the one with this day in it. Periods of several weeks begin on this weekday."
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.check_end(data, "ends_on")
        most = _EVERY.get(Per(data["per"])) if data.get("per") else None
        if most and "every" not in self.errors and not 1 <= (data.get("every") or 0) <= most:
            self.add_error("every", _("Enter a number from 1 to %(most)d.") % {"most": most})
        data["every"] = data.get("every") if most else 1
        if not self.errors:
            self._check_alone(data)
        return data

    def _check_alone(self, data: dict[str, Any]) -> None:
        """Add an error if another budget has the same category and period on the same days."""
        saved = self.saved()
        if twin_of(saved, self.budgets, self.categories.slug_of):
            moved_days = self.budget and (saved.scope, saved.per) == (self.budget.scope, self.budget.per)
            self.add_error("starts_on" if moved_days else "scope", twin_message())

    def saved(self) -> Budget:
        """Return the budget of the form: a new one, or the stored one with its changes."""
        data = self.cleaned_data
        names = ("scope", "per", "every", "rollover", "starts_on", "ends_on", "note")
        plain = {name: data[name] for name in names}
        amount, code = data["amount"], data["currency"]
        if self.budget is None:
            return Budget(id=str(ObjectId()), amounts=(Amount(data["starts_on"], amount, code),), **plain)
        if data["scope"] == self.initial["scope"]:
            # The category may have been merged. The budget moves back when that is undone.
            plain["scope"] = self.budget.scope
        changed = replace(self.budget, **plain)
        if changed.length != self.budget.length:
            return replace(changed, amounts=(Amount(changed.starts_on, amount, code),))
        latest = self.budget.latest
        if (amount, code) == (latest.amount, latest.currency) and data["applies"] != _ALWAYS:
            return changed
        return replace(changed, amounts=_amounts(changed, amount, code, data["applies"], timezone.localdate()))


def _amounts(budget: Budget, amount: Decimal, code: str, applies: str, today: date) -> tuple[Amount, ...]:
    """Return the amounts of a budget with a new one."""
    since = budget.starts_on
    if applies != _ALWAYS and today >= budget.starts_on:
        since = start_of(budget, today)
        since = later_period(budget, since, 1) if applies == _NEXT else since
    kept = tuple(each for each in budget.amounts if each.since < since)
    return (*kept, Amount(since, amount, code)) if since > budget.starts_on else (Amount(since, amount, code),)


def initial_of_budget(budget: Budget, categories: CategorySet) -> dict[str, Any]:
    """Return what the form shows for a stored budget."""
    names = ("per", "every", "rollover", "starts_on", "ends_on", "note")
    latest = budget.latest
    shown = format(money.quantize(latest.amount, latest.currency), "f")
    amount = {"amount": shown, "currency": latest.currency, "applies": _NOW}
    return {name: getattr(budget, name) for name in names} | amount | {"scope": categories.slug_of(budget.scope)}


class GoalForm(_PlannedAmountForm):
    """Form for a goal."""

    name = CleanTextField(
        label=gettext_lazy("Name"),
        max_length=TITLE_LENGTH,
        error_messages={"required": gettext_lazy("Enter a name.")},
    )
    kind = forms.ChoiceField(label=gettext_lazy("Goal"), choices=GoalKind.choices)
    scope = forms.ChoiceField(label=gettext_lazy("What counts"))
    by = _day(gettext_lazy("Last day"), required=True)
    field_order = ("name", "kind", "scope", "amount", "currency", "starts_on", "by")

    def __init__(self, *args: Any, budgets: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.budgets = dict(budgets)
        scope = self.fields["scope"]
        if isinstance(scope, forms.ChoiceField):
            saved = [(_("What a budget leaves over, to save"), list(self.budgets.items()))] if self.budgets else []
            everything = (EVERYTHING, _("All money: what you keep, or all spending"))
            spent = (_("Spending on a category, to stay under"), shown_categories().select_choices()[0][1])
            scope.choices = [everything, *saved, spent]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.check_end(data, "by")
        kind, scope = data.get("kind"), data.get("scope")
        if kind == GoalKind.UNDER and scope in self.budgets:
            self.add_error("scope", _("A budget has its own limit. Choose a category, or all money."))
        if kind == GoalKind.SAVE and scope and scope != EVERYTHING and scope not in self.budgets:
            self.add_error(
                "scope", _("You can save from all your money or from what a budget leaves over. Choose one of these.")
            )
        return data

    def saved(self, goal: Goal | None) -> Goal:
        """Return the goal of the form. goal: the stored one, None for a new one."""
        return Goal(id=goal.id if goal else str(ObjectId()), **self.cleaned_data)


def initial_of_goal(goal: Goal) -> dict[str, Any]:
    """Return what the form shows for a stored goal."""
    values = {name: getattr(goal, name) for name in GoalForm.base_fields}
    return values | {"amount": format(money.quantize(goal.amount, goal.currency), "f")}

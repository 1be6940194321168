"""One expense, as a person entered it or a statement has it."""

import unicodedata
from datetime import UTC, datetime
from typing import Any, Self

from bson import ObjectId
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_mongodb_backend.fields import ObjectIdField

from classifier.categories import Category
from expenses.models.ledger import Ledger
from expenses.models.limits import NOTE_LENGTH, TITLE_LENGTH
from finbrain.core.collections import LEDGER
from finbrain.core.managers import manager_of

# An index, for what asks for days.
BY_DAY = "expense_by_day"
TRASH_INDEXED_SINCE = datetime(2000, 1, 1, tzinfo=UTC)
_IMPORTS_INDEXED_AFTER = "0" * 24


class CategorySource(models.TextChoices):
    """Who chose the category."""

    PERSON = "person", _("you")
    MEMORY = "memory", _("your own history")
    MODEL = "model", _("FinBrain")


def new_entry_key() -> str:
    """A key that makes an entry one of its own: for forms to send, and for expenses that came without."""
    return str(ObjectId())


def title_key(title: str) -> str:
    """The title as it is sorted, searched and completed by: compatible forms and upper and lower case are one."""
    return unicodedata.normalize("NFKC", title).casefold()[:TITLE_LENGTH]


class TitleKeyField(models.CharField):
    """Follows the title whenever a row is written, also in bulk."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        key = title_key(vars(model_instance)["title"])
        setattr(model_instance, self.attname, key)
        return key


class ExpenseQuerySet(models.QuerySet["Expense"]):
    """Expenses by what pages ask."""

    def of(self, ledger: Ledger) -> Self:
        """A ledger's, in the trash or not."""
        return self.filter(ledger_id=ledger.id)

    def in_trash(self, yes: bool = True) -> Self:
        """The deleted ones; `in_trash(False)`: the others."""
        return self.filter(deleted_at__isnull=not yes)

    def waiting_for_review(self, threshold: float) -> Self:
        """Those that FinBrain is unsure of."""
        return self.in_trash(False).filter(reviewed=False, confidence__lt=threshold)


class Expense(models.Model):
    """An amount spent on a day.

    amount: in `currency`, quantized to its minor units, negative for a refund, never zero. Nothing converted is stored.
    own_rate: what one unit of `currency` cost in `own_rate_currency`, if the person says so; wins over the day's rate.
    order_value is about the EUR value: only for sorting and range filters across currencies, never shown.
    alternatives: slugs of the next two candidates, comma-separated, while FinBrain is unsure.
    import_batch: the import that it came by, None for what was typed.
    deleted_at: in the trash since then. What was deleted at once carries the same time, and is restored by it together.
    """

    ledger_id = ObjectIdField(_("ledger"), db_column=LEDGER)
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    title_key = TitleKeyField(max_length=TITLE_LENGTH, default="", editable=False)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    spent_on = models.DateField(_("date"))
    category = models.CharField(_("category"), max_length=32, choices=Category.choices())
    category_source = models.CharField(_("category chosen by"), max_length=8, choices=CategorySource.choices)
    confidence = models.FloatField(_("confidence"), null=True, blank=True)
    model_version = models.IntegerField(_("model version"), null=True, blank=True)
    reviewed = models.BooleanField(_("reviewed"), default=False)
    alternatives = models.CharField(max_length=80, blank=True, default="", editable=False)
    note = models.TextField(_("note"), max_length=NOTE_LENGTH, blank=True, default="")
    entry_key = models.CharField(max_length=64, default=new_entry_key, editable=False)
    own_rate = models.DecimalField(_("own rate"), max_digits=20, decimal_places=8, null=True, blank=True)
    own_rate_currency = models.CharField(_("currency of the own rate"), max_length=3, blank=True, default="")
    import_batch = ObjectIdField(null=True, blank=True, editable=False)
    order_value = models.DecimalField(max_digits=20, decimal_places=4, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = manager_of(ExpenseQuerySet)

    class Meta:
        verbose_name = _("expense")
        verbose_name_plural = _("expenses")
        constraints = [models.UniqueConstraint(fields=["ledger_id", "entry_key"], name="one_expense_per_entry")]
        indexes = [
            models.Index(fields=["ledger_id", "-spent_on", "-id"], name=BY_DAY),
            models.Index(fields=["ledger_id", "-order_value", "-id"], name="expense_by_value"),
            models.Index(fields=["ledger_id", "title_key", "id"], name="expense_by_title"),
            models.Index(fields=["ledger_id", "category", "-spent_on", "-id"], name="expense_by_category"),
            models.Index(fields=["ledger_id", "reviewed", "confidence"], name="expense_to_review"),
            models.Index(fields=["ledger_id", "-deleted_at", "-id"], name="expense_in_trash"),
            models.Index(
                fields=["ledger_id", "import_batch"],
                name="expense_by_import",
                condition=models.Q(import_batch__gt=_IMPORTS_INDEXED_AFTER),
            ),
            # For the clean-up, the one search without a ledger. It holds nothing but the trash.
            models.Index(
                fields=["deleted_at"], name="trash_by_age", condition=models.Q(deleted_at__gt=TRASH_INDEXED_SINCE)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.amount} {self.currency}"

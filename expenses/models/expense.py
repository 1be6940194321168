"""The model of an expense, entered by a person or imported from a statement."""

from datetime import UTC, datetime
from typing import Any, Self

from bson import ObjectId
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_mongodb_backend.fields import ArrayField, ObjectIdField

from classifier.categories import Category, Kind
from classifier.merchant_name import readable
from expenses.models.folding import LONGEST_WORD, search_words, title_key
from expenses.models.limits import ACCOUNT_LENGTH, NOTE_LENGTH, TITLE_LENGTH
from finbrain.core.managers import manager_of
from finbrain.core.of_ledger import LedgerQuerySet
from finbrain.core.past_the_orm import LEDGER

# The indexes to use for queries by day, and to count what needs review.
BY_DAY, TO_REVIEW = "expense_by_day", "expense_to_review"
TRASH_INDEXED_SINCE = datetime(2000, 1, 1, tzinfo=UTC)
_IDS_INDEXED_AFTER = "0" * 24


class CategorySource(models.TextChoices):
    """The sources of a category, as shown to people."""

    PERSON = "person", _("you")
    RULE = "rule", _("your rule")
    MEMORY = "memory", _("your own history")
    MODEL = "model", _("FinBrain")


class KindSource(models.TextChoices):
    """The sources of a kind, as shown to people, the strongest first."""

    PERSON = "person", _("you")
    RULE = "rule", _("your rule")
    PAIR = "pair", _("the other half")
    FILE = "file", _("the file")
    MEMORY = "memory", _("your own history")
    MODEL = "model", _("FinBrain")


def new_entry_key() -> str:
    """Return a unique key for one entry: forms send it to avoid duplicates, other expenses get one when stored."""
    return str(ObjectId())


class TitleKeyField(models.CharField):
    """A column that is set to the key of the title that is shown, on every write, including bulk writes."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        values = vars(model_instance)
        key = title_key(values.get("shown_title") or values["title"])
        setattr(model_instance, self.attname, key)
        return key


class SearchWordsField(ArrayField):
    """A column that is set to the words of titles and note on every write, including bulk writes."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        about = vars(model_instance)
        words = search_words(f"{about.get('shown_title') or ''} {about['title']}", about["note"])
        setattr(model_instance, self.attname, words)
        return words


class ExpenseQuerySet(LedgerQuerySet["Expense"]):
    """The queries on expenses that pages need."""

    def in_trash(self, yes: bool = True) -> Self:
        """Return the deleted expenses, or with `in_trash(False)` the others."""
        return self.filter(deleted_at__isnull=not yes)

    def waiting_for_review(self, threshold: float) -> Self:
        """Return the expenses that FinBrain is unsure of. threshold: 0 to 1."""
        return self.in_trash(False).filter(reviewed=False, confidence__lt=threshold)


class Expense(models.Model):
    """An entry: an amount that was spent, moved or received on a day.

    amount: in `currency`, rounded to its minor units, never zero. Positive left the account, negative came in, whatever
    its kind: a refund and a salary are negative. No converted amount is stored.
    kind: always that of the category (`classifier.categories`); what it counts as is defined in `models.kinds`.
    kind_source: who decided the kind, "" if nobody had to. kind_confidence: 0 to 1, None unless FinBrain estimated it.
    confidence: in how the entry is filed, which is never more than in its kind; None once a person decided.
    one_off: whether averages, trends and comparisons leave it out. account: the name of the account, as the person
    calls it. pair: shared by the two halves of a movement between own accounts, None for all other entries.
    rule: the id of the rule that decided something about the entry, "" if none did. shown_title: the name that a person
    or the rule shows instead of the title, "" for none. The title itself stays: suggestions, rules and duplicates
    depend on it.
    own_rate: the price of one unit of `currency` in `own_rate_currency`, if the person entered one. It takes precedence
    over the rate of the day. order_value: the approximate value in EUR for sorting and range filters, never shown; None
    while there is no rate.
    search_words: what search finds the entry by; entries of earlier releases may lack it.
    alternatives: slugs of the next two candidates, of any kind, comma-separated, while FinBrain is unsure.
    import_batch: the import that added the expense, None if a person entered it. deleted_at: when it was moved to the
    trash. Expenses that were deleted together share this time, which identifies them when they are restored together.
    """

    ledger_id = ObjectIdField(_("ledger"), db_column=LEDGER)
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    title_key = TitleKeyField(max_length=TITLE_LENGTH, default="", editable=False)
    search_words = SearchWordsField(models.CharField(max_length=LONGEST_WORD), default=list, editable=False)
    amount = models.DecimalField(_("amount"), max_digits=15, decimal_places=3)
    currency = models.CharField(_("currency"), max_length=3)
    spent_on = models.DateField(_("date"))
    category = models.CharField(_("category"), max_length=32, choices=Category.all_choices())
    category_source = models.CharField(_("category chosen by"), max_length=8, choices=CategorySource.choices)
    confidence = models.FloatField(_("confidence"), null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.SPENT)
    kind_source = models.CharField(
        _("kind chosen by"), max_length=8, choices=KindSource.choices, blank=True, default="", editable=False
    )
    kind_confidence = models.FloatField(_("confidence in the kind"), null=True, blank=True, editable=False)
    one_off = models.BooleanField(_("one-off"), default=False)
    account = models.CharField(_("account"), max_length=ACCOUNT_LENGTH, blank=True, default="")
    pair = ObjectIdField(null=True, blank=True, editable=False)
    rule = models.CharField(max_length=24, blank=True, default="", editable=False)
    shown_title = models.CharField(_("title to show"), max_length=TITLE_LENGTH, blank=True, default="", editable=False)
    model_version = models.IntegerField(_("model version"), null=True, blank=True)
    reviewed = models.BooleanField(_("reviewed"), default=False)
    alternatives = models.CharField(max_length=80, blank=True, default="", editable=False)
    note = models.TextField(_("note"), max_length=NOTE_LENGTH, blank=True, default="")
    entry_key = models.CharField(max_length=64, default=new_entry_key, editable=False)
    own_rate = models.DecimalField(_("own rate"), max_digits=20, decimal_places=8, null=True, blank=True)
    own_rate_currency = models.CharField(_("own rate currency"), max_length=3, blank=True, default="")
    import_batch = ObjectIdField(null=True, blank=True, editable=False)
    order_value = models.DecimalField(max_digits=24, decimal_places=8, null=True, editable=False)
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
            models.Index(fields=["ledger_id", "search_words", "-spent_on", "-id"], name="expense_by_word"),
            models.Index(fields=["ledger_id", "category", "-spent_on", "-id"], name="expense_by_category"),
            models.Index(fields=["ledger_id", "kind", "-spent_on", "-id"], name="expense_by_kind"),
            models.Index(fields=["ledger_id", "account", "-spent_on", "-id"], name="expense_by_account"),
            models.Index(fields=["ledger_id", "reviewed", "confidence"], name=TO_REVIEW),
            models.Index(fields=["ledger_id", "-deleted_at", "-id"], name="expense_in_trash"),
            models.Index(
                fields=["ledger_id", "import_batch"],
                name="expense_by_import",
                condition=models.Q(import_batch__gt=_IDS_INDEXED_AFTER),
            ),
            models.Index(
                fields=["ledger_id", "pair"],
                name="expense_by_pair",
                condition=models.Q(pair__gt=_IDS_INDEXED_AFTER),
            ),
            # The clean-up searches all ledgers at once. The index holds only the trash, so it stays small.
            models.Index(
                fields=["deleted_at"], name="trash_by_age", condition=models.Q(deleted_at__gt=TRASH_INDEXED_SINCE)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.amount} {self.currency}"

    @property
    def display_title(self) -> str:
        return self.shown_title or readable(self.title)

    @property
    def movement(self) -> tuple[Any, ...]:
        """What moved when. Filing the expense never changes it."""
        return self.title, self.amount, self.currency, self.spent_on

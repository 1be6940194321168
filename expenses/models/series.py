"""What comes again in a ledger: subscriptions, bills, rent, salary."""

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_mongodb_backend.fields import ObjectIdField

from expenses.models.limits import ACCOUNT_LENGTH, NOTE_LENGTH, TITLE_LENGTH
from finbrain.core.managers import manager_of
from finbrain.core.of_ledger import LedgerQuerySet
from finbrain.core.past_the_orm import LEDGER


class SeriesState(models.TextChoices):
    """The states of a series. FinBrain proposes it, a person keeps or dismisses it."""

    PROPOSED = "proposed", _("Proposed")
    KEPT = "kept", _("Kept")
    PAUSED = "paused", _("Paused")
    ENDED = "ended", _("Ended")
    DISMISSED = "dismissed", _("Dismissed")


class SeriesQuerySet(LedgerQuerySet["Series"]):
    """The queries on series that pages need."""

    def shown(self) -> Self:
        """Leave out dismissed series."""
        return self.exclude(state=SeriesState.DISMISSED)


class Series(models.Model):
    """Entries that come again, and what is known about the next one.

    texts: the normalised titles that it had, the latest last. entries: `[id, day, amount, currency]` of each entry, as
    text, by day; the amounts are never negative. detached: keyed hashes of the movements that a person detached, which
    never attach again. next_on: when the next entry is due, even if that is past. low, high: the usual range.
    is_income: whether it comes in. cancel_by: the last day to cancel it. notice_days: how long before `next_on` it must
    be cancelled. ends_on, payments: when or after how many entries it ends. confidence: 0 to 1, None if a person made
    or corrected it.
    """

    ledger_id = ObjectIdField(db_column=LEDGER, editable=False)
    name = models.CharField(_("name"), max_length=TITLE_LENGTH)
    texts = models.JSONField(default=list, editable=False)
    category = models.CharField(_("category"), max_length=32, default="other")
    is_income = models.BooleanField(_("comes in"), default=False)
    cycle = models.CharField(_("cycle"), max_length=12, default="monthly")
    next_on = models.DateField(_("next"))
    low = models.DecimalField(_("lowest amount"), max_digits=15, decimal_places=3)
    high = models.DecimalField(_("highest amount"), max_digits=15, decimal_places=3)
    currency = models.CharField(_("currency"), max_length=3)
    account = models.CharField(_("account"), max_length=ACCOUNT_LENGTH, blank=True, default="")
    note = models.TextField(_("note"), max_length=NOTE_LENGTH, blank=True, default="")
    cancel_by = models.DateField(_("cancel by"), null=True, blank=True)
    notice_days = models.IntegerField(_("notice period in days"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    payments = models.IntegerField(_("number of payments"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=SeriesState.choices, default=SeriesState.PROPOSED)
    confidence = models.FloatField(null=True, blank=True)
    entries = models.JSONField(default=list, editable=False)
    detached = models.JSONField(default=list, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = manager_of(SeriesQuerySet)

    class Meta:
        indexes = [models.Index(fields=["ledger_id", "state"], name="series_by_state")]

    def __str__(self) -> str:
        return self.name

"""The stored models of the classifier: memories of ledgers, shared feedback, and model versions."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_mongodb_backend.fields import ObjectIdField

from classifier.categories import Category
from finbrain.core.managers import manager_of
from finbrain.core.of_ledger import LedgerQuerySet
from finbrain.core.past_the_orm import LEDGER


class Memory(models.Model):
    """A normalised text that was reviewed in a ledger.

    title: the latest spelling. category: the latest choice, empty if only a kind was decided. counts: category -> how
    often it was confirmed. kinds: direction -> the latest label, and how often each was confirmed (see `kinds`).
    revision: `MemoryState.revision` of the last write.
    """

    ledger_id = ObjectIdField(db_column=LEDGER, editable=False)
    text = models.CharField(max_length=400)
    title = models.CharField(max_length=400)
    category = models.CharField(max_length=32, choices=Category.choices(), blank=True)
    counts = models.JSONField(default=dict)
    kinds = models.JSONField(default=dict)
    revision = models.IntegerField(default=0)
    objects = manager_of(LedgerQuerySet["Memory"])

    class Meta:
        verbose_name_plural = "memories"
        constraints = [models.UniqueConstraint(fields=["ledger_id", "text"], name="one_memory_per_text")]
        indexes = [
            models.Index(fields=["ledger_id", "revision"], name="memory_by_revision"),
        ]

    def __str__(self) -> str:
        return self.title


class MemoryState(models.Model):
    """The state of a ledger's memory. Every write to the memory replaces it in the same transaction.

    revision: the number of writes. removed: `{"key", "revision"}` of recently deleted texts. floor: copies of the
    memory older than this revision can't be updated and must be read again.
    """

    ledger_id = ObjectIdField(primary_key=True, db_column="_id")
    revision = models.IntegerField(default=0)
    removed = models.JSONField(default=list)
    floor = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.ledger_id}: {self.revision}"


class FeedbackStatus(models.TextChoices):
    """The stages of a correction's review."""

    PENDING = "pending", _("Pending")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")


class Feedback(models.Model):
    """A correction that a person shares. Its only trace of the person is a keyed hash, to count different people."""

    text = models.CharField(_("text"), max_length=400)
    normalised = models.CharField(_("normalised text"), max_length=400)
    suggested_category = models.CharField(_("suggested"), max_length=32, choices=Category.choices())
    confidence = models.FloatField(_("confidence"))
    chosen_category = models.CharField(_("chosen"), max_length=32, choices=Category.choices())
    model_version = models.IntegerField(_("model version"), null=True, blank=True)
    contributor = models.CharField(_("contributor"), max_length=64, blank=True, editable=False)
    status = models.CharField(_("status"), max_length=8, choices=FeedbackStatus.choices, default=FeedbackStatus.PENDING)
    reviewer = models.CharField(_("reviewed by"), max_length=254, blank=True, default="")
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)
    created_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        indexes = [
            models.Index(fields=["status", "-created_at"], name="feedback_by_status"),
            models.Index(fields=["normalised", "chosen_category"], name="feedback_by_text"),
            models.Index(fields=["contributor", "normalised"], name="feedback_by_contributor"),
        ]

    def __str__(self) -> str:
        return self.text


class ModelVersion(models.Model):
    """A trained model. At most one is active. The artifact is in the row, or in GridFS if it is large."""

    number = models.IntegerField(_("version"), unique=True)
    created_at = models.DateTimeField(_("trained at"), default=timezone.now, editable=False)
    active = models.BooleanField(_("active"), default=False)
    artifact = models.BinaryField(null=True, blank=True)
    artifact_file = ObjectIdField(null=True, blank=True, editable=False)
    size = models.IntegerField(_("size in bytes"))
    metrics = models.JSONField(_("metrics"), default=dict)
    trained_on = models.JSONField(_("trained on"), default=dict)

    class Meta:
        verbose_name = _("model version")
        verbose_name_plural = _("model versions")
        indexes = [
            models.Index(fields=["active", "-number"], name="model_active"),
        ]

    def __str__(self) -> str:
        return str(_("Version %(number)s") % {"number": self.number})

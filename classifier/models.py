"""What the classifier keeps: what people taught it for themselves, what they share, and the models."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_mongodb_backend.fields import ObjectIdField

from classifier.categories import Category
from finbrain.core.collections import LEDGER


class Memory(models.Model):
    """One distinct normalised text that its owner reviewed: the latest category, and how often each was confirmed."""

    ledger_id = ObjectIdField(db_column=LEDGER, editable=False)
    text = models.CharField(max_length=400)
    title = models.CharField(max_length=400)
    category = models.CharField(max_length=32, choices=Category.choices())
    counts = models.JSONField(default=dict)
    revision = models.IntegerField(default=0)

    class Meta:
        verbose_name_plural = "memories"
        constraints = [models.UniqueConstraint(fields=["ledger_id", "text"], name="one_memory_per_text")]
        indexes = [
            models.Index(fields=["ledger_id", "revision"], name="memory_by_revision"),
        ]

    def __str__(self) -> str:
        return self.title


class MemoryState(models.Model):
    """The state of one person's memory, replaced in the same transaction as every write to it.

    revision: counts the writes. removed: `{"key", "revision"}` of texts that went lately. floor: copies of the memory
    that are older than this revision cannot be brought up to date and are read anew.
    """

    ledger_id = ObjectIdField(primary_key=True, db_column="_id")
    revision = models.IntegerField(default=0)
    removed = models.JSONField(default=list)
    floor = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.ledger_id}: {self.revision}"


class FeedbackStatus(models.TextChoices):
    PENDING = "pending", _("Pending")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")


class Feedback(models.Model):
    """A correction that someone shares. Nothing leads back to the person but a keyed hash, to count who agrees."""

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
    """A trained model. At most one is active; its artifact is in the row, or in GridFS when it is big."""

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

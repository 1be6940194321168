"""The admin of the classifier: review feedback, and compare, train and activate models."""

from typing import Any, Protocol

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from classifier import background, feedback, training
from classifier.activation_verdict import reasons
from classifier.categories import CATEGORIES
from classifier.category_set import category_of
from classifier.models import Feedback, FeedbackStatus, ModelVersion
from classifier.quality import confusion_table, quality_chart
from classifier.suggest import Suggestion, suggest_many
from classifier.version_words import sentences


def _may_read_titles(request: HttpRequest) -> bool:
    """Whether this administrator may read what people wrote: superusers, and staff if STAFF_READ_TITLES says so."""
    return settings.STAFF_READ_TITLES or getattr(request.user, "is_superuser", False)


class ListedFeedback(Protocol):
    """A `Feedback` with the two values that `FeedbackList` adds."""

    chosen_category: str
    people: int
    now: Suggestion | None


class FeedbackList(ChangeList):
    """A page of feedback. Each row also has the number of people who chose the category, and the current suggestion."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        people = feedback.agreement((row.normalised, row.chosen_category) for row in rows)
        for row, now in zip(rows, suggest_many([row.text for row in rows]), strict=True):
            row.people = people[row.normalised, row.chosen_category]
            row.now = now
        self.result_list = rows


@admin.register(Feedback)
class FeedbackAdmin(ModelAdmin):
    """Shared corrections, to approve or reject."""

    list_display = ("text", "suggested", "chosen", "people", "now", "status", "created_at")
    list_filter = ("status", "chosen_category", "suggested_category", "model_version", "created_at")
    search_fields = ("text",)
    ordering = ("-created_at",)
    actions = ("approve", "reject")
    list_per_page = 50
    change_list_template = "admin/classifier/feedback/change_list.html"
    show_full_result_count = False
    readonly_fields = tuple(field.name for field in Feedback._meta.fields if field.name not in ("id", "contributor"))
    fields = readonly_fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, row: Feedback | None = None) -> bool:
        return _may_read_titles(request) and super().has_view_permission(request, row)

    def has_change_permission(self, request: HttpRequest, row: Feedback | None = None) -> bool:
        """Allow the actions of the list only, because the page of a single row has nothing to save."""
        return row is None and _may_read_titles(request) and super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, row: Feedback | None = None) -> bool:
        return _may_read_titles(request) and super().has_delete_permission(request, row)

    def get_changelist(self, request: HttpRequest, **kwargs: object) -> type[FeedbackList]:
        return FeedbackList

    @admin.display(description=_("suggested"), ordering="suggested_category")
    def suggested(self, row: Feedback) -> str:
        return f"{category_of(row.suggested_category).name} ({row.confidence:.0%})"

    @admin.display(description=_("chosen"), ordering="chosen_category")
    def chosen(self, row: Feedback) -> str:
        return str(category_of(row.chosen_category).name)

    @admin.display(description=_("people"))
    def people(self, row: ListedFeedback) -> int:
        return row.people

    @admin.display(description=_("effect of training"))
    def now(self, row: ListedFeedback) -> str | Promise:
        if row.now is None:
            return _("no model yet")
        if row.now.category == row.chosen_category:
            return _("none: the model already says so")
        return _("%(before)s (%(confidence)d%%) becomes %(after)s") % {
            "before": CATEGORIES[row.now.category].name,
            "confidence": round(row.now.confidence * 100),
            "after": category_of(row.chosen_category).name,
        }

    @admin.action(description=_("Approve"), permissions=["change"])
    def approve(self, request: HttpRequest, rows: QuerySet[Feedback]) -> None:
        count = feedback.review(rows, FeedbackStatus.APPROVED, request.user.get_username())
        self.message_user(request, _("%d approved. The next training will learn from them.") % count, messages.SUCCESS)

    @admin.action(description=_("Reject"), permissions=["change"])
    def reject(self, request: HttpRequest, rows: QuerySet[Feedback]) -> None:
        count = feedback.review(rows, FeedbackStatus.REJECTED, request.user.get_username())
        self.message_user(request, _("%d rejected.") % count, messages.SUCCESS)


@admin.register(ModelVersion)
class ModelVersionAdmin(ModelAdmin):
    """The trained models with their quality, to compare and activate."""

    list_display = ("number", "active", "created_at", "accuracy", "macro_f1", "calibration", "corrections", "kilobytes")
    ordering = ("-number",)
    actions = ("serve",)
    show_full_result_count = False
    change_list_template = "admin/classifier/modelversion/change_list.html"
    readonly_fields = (
        *("number", "active", "in_words", "created_at", "accuracy", "macro_f1", "calibration", "corrections"),
        *("kilobytes", "compared", "tested", "unlearned", "confusion", "changes"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ModelVersion]:
        return super().get_queryset(request).defer("artifact")

    def get_fields(self, request: HttpRequest, version: ModelVersion | None = None) -> tuple[str, ...]:
        """All but what quotes shared corrections, for those who may not read them."""
        quoting = () if _may_read_titles(request) else ("changes", "unlearned")
        return tuple(name for name in self.readonly_fields if name not in quoting)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, version: ModelVersion | None = None) -> bool:
        """Allow the actions of the list only, because the page of a single version has nothing to save."""
        return version is None and super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, version: ModelVersion | None = None) -> bool:
        return False

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.try_training)
        return [path("try/", view, name="classifier_modelversion_try"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context: dict[str, Any] = {**(extra_context or {}), "quality": quality_chart()}
        return super().changelist_view(request, context)

    def try_training(self, request: HttpRequest) -> HttpResponse:
        """Start a training in the background. It stores a new version without activating it."""
        if request.method == "POST" and self.has_change_permission(request):
            background.start_training()
            text = _(
                "Training has started. The new version will appear here in about a minute, "
                "with its changed predictions."
            )
            self.message_user(request, text, messages.SUCCESS)
        return redirect(reverse("admin:classifier_modelversion_changelist"))

    @admin.action(description=_("Serve this version"), permissions=["change"])
    def serve(self, request: HttpRequest, rows: QuerySet[ModelVersion]) -> None:
        numbers = [row.number for row in rows]
        if len(numbers) != 1:
            self.message_user(request, _("Choose one version."), messages.ERROR)
            return
        try:
            training.rollback(numbers[0])
        except (ValueError, LookupError) as error:
            self.message_user(request, _("This version can't be served: %s") % error, messages.ERROR)
            return
        self.message_user(request, _("Version %d is now active.") % numbers[0], messages.SUCCESS)

    @admin.display(description=_("what it changed"))
    def in_words(self, row: ModelVersion) -> SafeString:
        return format_html_join("", "<p>{}</p>", ((text,) for text in sentences(row.metrics, row.trained_on)))

    @admin.display(description=_("accuracy"))
    def accuracy(self, row: ModelVersion) -> str:
        return _share(row.metrics.get("accuracy"))

    @admin.display(description=_("macro-F1"))
    def macro_f1(self, row: ModelVersion) -> str:
        return _share(row.metrics.get("macro_f1"))

    @admin.display(description=_("calibration error"))
    def calibration(self, row: ModelVersion) -> str:
        return _share(row.metrics.get("calibration_error"))

    @admin.display(description=_("corrections learned"))
    def corrections(self, row: ModelVersion) -> int:
        return row.trained_on.get("corrections", 0)

    @admin.display(description=_("size"))
    def kilobytes(self, row: ModelVersion) -> str:
        return f"{row.size / 1000:,.0f} kB"

    @admin.display(description=_("active model at that time, on the same folds"))
    def compared(self, row: ModelVersion) -> str | Promise:
        before = row.metrics.get("before")
        if not before:
            return _("no model was active")
        return _("accuracy %(accuracy)s, macro-F1 %(macro_f1)s, calibration error %(error)s") % {
            "accuracy": _share(before["accuracy"]),
            "macro_f1": _share(before["macro_f1"]),
            "error": _share(before["calibration_error"]),
        }

    @admin.display(description=_("compared by a paired test"))
    def tested(self, row: ModelVersion) -> SafeString | Promise:
        verdict = row.metrics.get("verdict")
        if not verdict or not row.metrics.get("before"):
            return _("no model was active")
        if not verdict["refused"]:
            return _("not significantly worse than the model that was active")
        return format_html_join("", "<div>{}</div>", ((reason,) for reason in reasons(verdict)))

    @admin.display(description=_("approved corrections that it answers differently"))
    def unlearned(self, row: ModelVersion) -> SafeString | Promise:
        lines = (
            (each["text"], category_of(each["approved"]).name, category_of(each["answer"]).name)
            for each in row.metrics.get("verdict", {}).get("unlearned", ())
        )
        return format_html_join("", "<div>{}: {} → {}</div>", lines) or _("none")

    @admin.display(description=_("confusion (rows: true category, in percent of the row)"))
    def confusion(self, row: ModelVersion) -> SafeString:
        return confusion_table(row.metrics.get("confusion", ()))

    @admin.display(description=_("changed predictions"))
    def changes(self, row: ModelVersion) -> SafeString | Promise:
        lines = (
            (each["text"], category_of(each["before"]).name, category_of(each["after"]).name)
            for each in row.metrics.get("flips", ())
        )
        return format_html_join("", "<div>{}: {} → {}</div>", lines) or _("none")


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"

"""The admin's read-only list of scheduled jobs, for operators who follow up an alert."""

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from finbrain.models import JobRun


@admin.register(JobRun)
class JobRunAdmin(ModelAdmin):
    list_display = fields = ("name", "started_at", "ended_at", "failures", "outcome", "done_until")
    ordering = ("name",)
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, run: JobRun | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, run: JobRun | None = None) -> bool:
        return False

"""The stored rates in the admin, read-only: their sources, and the rates set aside. Only `fetch_rates` writes them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from expenses.models import Rate


class HeldFilter(admin.SimpleListFilter):
    title = _("set aside")
    parameter_name = "held"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", str(_("days with an unconfirmed rate")))]

    def queryset(self, request: HttpRequest, days: QuerySet[Rate]) -> QuerySet[Rate]:
        return days.exclude(held={}) if self.value() else days


@admin.register(Rate)
class RateAdmin(ModelAdmin):
    list_display = ("day", "source", "currencies", "set_aside", "updated_at")
    list_filter = (HeldFilter, "source")
    ordering = ("-day",)
    show_full_result_count = False
    fields = ("day", "source", "published", "set_aside", "updated_at")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, day: Rate | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, day: Rate | None = None) -> bool:
        return False

    @admin.display(description=_("currencies"))
    def currencies(self, day: Rate) -> int:
        return len(day.rates)

    @admin.display(description=_("units for one euro"))
    def published(self, day: Rate) -> str:
        return _listed(day.rates)

    @admin.display(description=_("set aside"))
    def set_aside(self, day: Rate) -> str:
        return _listed(day.held) or "–"


def _listed(rates: dict[str, Any]) -> str:
    return ", ".join(f"{code} {rate}" for code, rate in sorted(rates.items()))

"""The stored rates in the admin, read-only: their sources, and the rates set aside. Only `fetch_rates` writes them."""

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin

from expenses.models import CurrencyInUse, Rate, YearOfRates
from expenses.rates import ecb_history

# How old the end of the bundled history may be before the admin warns about it.
_OLD_BUNDLE = timedelta(days=60)


class HeldFilter(admin.SimpleListFilter):
    title = gettext_lazy("set aside")
    parameter_name = "held"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", _("days with an unconfirmed rate"))]

    def queryset(self, request: HttpRequest, days: QuerySet[Any]) -> QuerySet[Any]:
        return days.exclude(held={}) if self.value() else days


class ReadOnlyAdmin(ModelAdmin):
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, row: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, row: Model | None = None) -> bool:
        return False


@admin.register(Rate)
class RateAdmin(ReadOnlyAdmin):
    list_display = ("day", "source", "currencies", "set_aside", "updated_at")
    list_filter = (HeldFilter, "source")
    ordering = ("-day",)
    fields = ("day", "source", "published", "set_aside", "updated_at")
    readonly_fields = fields

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Say how far the bundled history goes. An installation without network has no newer rates."""
        end = ecb_history.newest_day_of_file()
        text = _("The bundled history of the ECB ends on %(day)s.") % {"day": date_format(end, "DATE_FORMAT")}
        if timezone.localdate() - end > _OLD_BUNDLE:
            text += " " + _("Update FinBrain to convert newer days without a network.")
            messages.warning(request, text)
        else:
            messages.info(request, text)
        return super().changelist_view(request, extra_context)

    @admin.display(description=gettext_lazy("currencies"))
    def currencies(self, day: Rate) -> int:
        return len(day.rates)

    @admin.display(description=gettext_lazy("units for one euro"))
    def published(self, day: Rate) -> str:
        return _listed(day.rates)

    @admin.display(description=gettext_lazy("set aside"))
    def set_aside(self, day: Rate) -> str:
        return _listed(day.held) or "–"


@admin.register(YearOfRates)
class YearOfRatesAdmin(ReadOnlyAdmin):
    list_display = ("key", "days", "newest", "set_aside", "updated_at")
    list_filter = (HeldFilter,)
    search_fields = ("key",)
    fields = ("key", "published", "set_aside", "updated_at")
    readonly_fields = fields

    @admin.display(description=gettext_lazy("days"))
    def days(self, year: YearOfRates) -> int:
        return len(year.rates)

    @admin.display(description=gettext_lazy("newest"))
    def newest(self, year: YearOfRates) -> str:
        return _listed(dict(sorted(year.rates.items())[-1:]))

    @admin.display(description=gettext_lazy("units for one euro"))
    def published(self, year: YearOfRates) -> str:
        return _listed(year.rates)

    @admin.display(description=gettext_lazy("set aside"))
    def set_aside(self, year: YearOfRates) -> str:
        return _listed(year.held) or "–"


@admin.register(CurrencyInUse)
class CurrencyInUseAdmin(ReadOnlyAdmin):
    list_display = fields = ("code", "bank", "fetched_until", "wanted_at", "failures", "outcome")
    readonly_fields = fields
    search_fields = ("code",)


def _listed(rates: dict[str, str] | dict[str, list[str]]) -> str:
    """Return `ILS 3.81, USD 1.16`, or of one currency `2026-10-09 48.5 published NBU`."""
    texts = ((key, " ".join(rate) if isinstance(rate, list) else rate) for key, rate in sorted(rates.items()))
    return ", ".join(f"{key} {text}" for key, text in texts)

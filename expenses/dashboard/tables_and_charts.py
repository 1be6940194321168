"""Prepare the dashboard's numbers for its template and for `charts.js`. Amounts are only formatted here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from classifier.category_set import category_of
from expenses.dashboard import shape
from expenses.dashboard.dashboard_context import ComparisonTable, DashboardChart
from expenses.dashboard.links import Links, month_name, period_name, short_month
from expenses.dashboard.scope import Scope
from expenses.dashboard.shape import Grid
from expenses.models.own_categories import HUES, palette_class
from expenses.money import MINUS, minor_units
from expenses.months import day_in, days_of, month_text
from expenses.sums.figures import ZERO

Context = dict[str, Any]
# The category whose colour one-off expenses have in a comparison.
_LIKE_OTHER = "other"


@dataclass(frozen=True)
class DashboardPage:
    """The data that all parts of the page share.

    money: formats an amount of the display currency. first_weekday: 0 for Monday. filters: those of a list that shows
    what the scope has, besides months and categories.
    """

    scope: Scope
    links: Links
    today: date
    money: Callable[[Decimal], str]
    first_weekday: int = 0
    filters: Mapping[str, str] = field(default_factory=dict)

    def without_one_off(self) -> "DashboardPage":
        """Return the page without one-off expenses."""
        filters = {"one_off": "without"} if self.scope.has_one_off else {}
        return replace(self, scope=self.scope.without_one_off(), filters=filters)

    def signed(self, amount: Decimal) -> str:
        """Format an amount with its sign, placed as in the language and joined to the amount without a line break."""
        sign = "+" if amount > 0 else MINUS
        return self.money(-abs(amount)).replace(MINUS, f"{sign}\u2060", 1)

    def per_month(self) -> str:
        """Format the average of the months that are over, "" if none is."""
        months = self.scope.over(self.today)
        return self.money(sum(map(self.scope.month_total, months), ZERO) / len(months)) if months else ""

    def days_to_count(self) -> int:
        """Count the days that averages include: those up to today, or up to the last expense if it is later.

        Only days of the months that averages count; at least one.
        """
        months = self.scope.counted(self.today)
        spent = (day_in(month, number) for month in months for number in self.scope.day_totals(month))
        last = max([self.today, *spent])
        return max(1, sum(day <= last for month in months for day in days_of(month)))


def part_name(slug: str) -> str:
    return _("One-off") if slug == shape.ONE_OFF else str(category_of(slug).name)


def _palette_of(slug: str) -> int:
    """Return the number of a part's colour. One-off expenses have that of Other, with stripes."""
    return category_of(_LIKE_OTHER).palette + HUES if slug == shape.ONE_OFF else category_of(slug).palette


def percent_text(share: Decimal | None) -> str:
    """Format a share in whole percent: `42%`, `<1%`, or `–` for None."""
    if share is None:
        return "–"
    return _("<1%") if 0 < share < 1 else f"{share:.0f}%"


def comparison_chart(page: DashboardPage, usual: DashboardPage, grid: Grid) -> DashboardChart:
    """Return the chart. usual: the page whose cells the categories have."""
    return {
        "labels": [short_month(month) for month in grid.months],
        "datasets": [
            {"label": part_name(slug), "data": [str(grid.cells[month][slug]) for month in grid.months]}
            for slug in grid.categories
        ],
        "categories": list(grid.categories),
        "palette": [_palette_of(slug) for slug in grid.categories],
        "narrowing": [_narrowing(slug, usual) for slug in grid.categories],
        "stacked": page.links.query.stacked,
        "links": [page.links.spent([month], ()) for month in grid.months],
        "chosen": "".join(f"&category={slug}" for slug in page.links.query.categories),
        "sums": [f"{_('Total')}: {page.money(grid.month_total(month))}" for month in grid.months],
        "total": str(grid.total()),
    }


def _narrowing(slug: str, usual: DashboardPage) -> str:
    """Return what the column of a category adds to the link of a month."""
    if slug == shape.ONE_OFF:
        chosen = [("category", each) for each in usual.links.query.categories]
        return "&" + urlencode([*chosen, ("one_off", "only")])
    return "&" + urlencode([("category", slug), *usual.filters.items()])


def comparison_table(page: DashboardPage, grid: Grid) -> ComparisonTable:
    return {
        "header": [
            {"slug": slug, "name": part_name(slug), "palette": palette_class(_palette_of(slug))}
            for slug in grid.categories
        ],
        "rows": [
            {
                "name": short_month(month),
                "url": page.links.to(months=[month], view="breakdown"),
                "cells": [{"amount": amount, "text": page.money(amount)} for amount in grid.cells[month].values()],
                "total": page.money(grid.month_total(month)),
            }
            for month in grid.months
        ],
        "totals": [page.money(grid.category_total(slug)) for slug in grid.categories],
    }


def comparison_summary(page: DashboardPage, grid: Grid) -> str:
    if len(page.scope.months) == 1:
        return _("Only one month is selected. Select more to compare them.")
    if len(counted := page.scope.counted(page.today)) == 1:
        return _("Only %(month)s has expenses, so there is nothing to compare.") % {
            "month": month_name(*counted),
        }
    totals = {month: grid.month_total(month) for month in page.scope.over(page.today)}
    if len(totals) < 2:
        return _("The highest and the lowest month appear here as soon as two of these months are over.")
    highest, lowest = max(totals, key=totals.__getitem__), min(totals, key=totals.__getitem__)
    return _("The highest month was %(highest)s with %(most)s, the lowest %(lowest)s with %(least)s.") % {
        "highest": month_name(highest),
        "most": page.money(totals[highest]),
        "lowest": month_name(lowest),
        "least": page.money(totals[lowest]),
    }


def chart_data(page: DashboardPage, main: DashboardChart, trend_chart: DashboardChart, excluded: int) -> Context:
    """Return the content of `#chart-data`. Amounts are decimal strings."""
    query = page.links.query
    return {
        "view": query.view,
        "currency": page.scope.currency,
        "decimals": minor_units(page.scope.currency),
        "months": [month_text(month) for month in page.scope.months],
        "excluded": excluded,
        **main,
        "trend": trend_chart,
        "period": period_name(page.scope.months, query.period.contiguous),
        "narrowed": category_of(query.categories[0]).palette if len(query.categories) == 1 else None,
    }

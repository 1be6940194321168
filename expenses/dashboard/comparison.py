"""The months side by side: a chart, a table and a sentence, and the rows of a CSV file."""

from collections.abc import Iterator
from decimal import Decimal
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from classifier.category_set import category_of
from expenses.dashboard import shape
from expenses.dashboard.dashboard_types import ComparisonContext, ComparisonTable, DashboardChart
from expenses.dashboard.links import month_name, short_month
from expenses.dashboard.page_data import DashboardPage, part_name
from expenses.dashboard.scope import Scope
from expenses.dashboard.shape import Grid
from expenses.models.own_categories import HUES, palette_class
from expenses.months import month_text

# The category whose colour one-off expenses have in a comparison.
_LIKE_OTHER = "other"


def comparison_context(page: DashboardPage, usual: DashboardPage) -> tuple[ComparisonContext, Decimal]:
    """Return the context of the comparison, and its total. usual: the page whose cells the categories have."""
    grid = shape.comparison(page.scope, usual.scope)
    context: ComparisonContext = {
        "chart": _chart(page, usual, grid),
        "table": _table(page, grid),
        "summary": _summary(usual, grid),
    }
    return context, grid.total()


def comparison_csv(scope: Scope, *, with_one_off: bool) -> Iterator[list[str]]:
    """Yield the table as rows of cells, header first and totals last. with_one_off: in the cells of the categories."""
    grid, code = shape.comparison(scope, scope if with_one_off else scope.without_one_off()), scope.currency
    yield [_("Month"), *(f"{part_name(slug)} ({code})" for slug in grid.categories), f"{_('Total')} ({code})"]
    for month in grid.months:
        cells = [str(grid.cells[month][slug]) for slug in grid.categories]
        yield [month_text(month), *cells, str(grid.month_total(month))]
    totals = [str(grid.category_total(slug)) for slug in grid.categories]
    yield [_("Total"), *totals, str(grid.total())]


def _palette_of(slug: str) -> int:
    """Return the number of a part's colour. One-off expenses have that of Other, with stripes."""
    return category_of(_LIKE_OTHER).palette + HUES if slug == shape.ONE_OFF else category_of(slug).palette


def _chart(page: DashboardPage, usual: DashboardPage, grid: Grid) -> DashboardChart:
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


def _table(page: DashboardPage, grid: Grid) -> ComparisonTable:
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


def _summary(page: DashboardPage, grid: Grid) -> str:
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

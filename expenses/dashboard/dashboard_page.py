"""Builds the context of the dashboard's template."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, TypedDict

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from classifier.categories import Kind
from expenses import rates
from expenses.dashboard import details, shape
from expenses.dashboard import links as dashboard_links
from expenses.dashboard.breakdown import breakdown_context, breakdown_csv
from expenses.dashboard.cash_flow import flow_context, flow_csv_rows
from expenses.dashboard.charts import chart_data
from expenses.dashboard.comparison import comparison_context, comparison_csv
from expenses.dashboard.dashboard_query import DashboardQuery
from expenses.dashboard.dashboard_types import BreakdownContext, ComparisonContext, DashboardChart, DashboardHead
from expenses.dashboard.links import Links
from expenses.dashboard.loading import shown_and_averaged
from expenses.dashboard.page_data import DashboardPage, money_text
from expenses.dashboard.period_change import change_of_period, same_day
from expenses.dashboard.period_change_words import comparing_context
from expenses.dashboard.scope import Scope
from expenses.dashboard.trend import trend_context
from expenses.models.ledger import Ledger
from expenses.months import first_of, month_text
from expenses.sums.besides import LinePart, add_besides, besides_line
from expenses.sums.month_days import days_text
from expenses.sums.rate_facts import RateFacts
from expenses.sums.rate_notes import rate_notes, short_notes
from expenses.weeks import first_weekday


def page_context(loaded: Scope, before: Scope, query: DashboardQuery, ledger: Ledger, today: date) -> dict[str, object]:
    """Return the context of `expenses/_dashboard.html`. loaded: all the months needed. before: from `load_before`."""
    # Only the comparison knows the months compared with, so that it never changes an average.
    scope = replace(loaded, figures={month: loaded.figures[month] for month in shown_and_averaged(query)})
    links = Links(query, scope.currency, ledger.home_currency)
    language = get_language()
    page = DashboardPage(
        scope,
        links,
        today,
        lambda amount: money_text(amount, scope.currency, language),
        first_weekday(ledger.week_start, language),
    )
    facts = shape.honesty(scope)
    context: dict[str, object] = {**_head_context(page, ledger, facts)}
    if query.view == "cashflow":
        return context | _flow_context(page)
    if not (facts.count or facts.rates.excluded):
        return context
    usual = page if query.with_one_off else page.without_one_off()
    trend = trend_context(usual)
    main, total = _main_context(page, usual)
    until = same_day(scope.months, query.compared, today)
    change = change_of_period(scope, before, until, _reference_rates(scope, ledger), with_one_off=query.with_one_off)
    excluded = facts.rates.left_out
    return context | {
        "has_data": True,
        **main,
        "total": page.money(total),
        "count": facts.count,
        "per_day": page.money(usual.scope.total() / page.days_to_count()),
        "per_month": usual.per_month() if len(scope.months) > 1 else "",
        "one_off": _one_off(page),
        "unsure": page.money(facts.unsure) if facts.unsure else "",
        "rate_notes": rate_notes(facts.rates, page.money, partial(_list_url, links, scope)),
        "notices": short_notes(facts.rates),
        "trend": trend,
        "calendar": details.calendar_context(page, usual),
        "biggest": details.biggest_context(page),
        "merchants": details.merchants_context(page),
        "comparing": comparing_context(replace(page, filters=usual.filters), before, until, change),
        "chart_data": chart_data(page, main["chart"], trend["chart"], excluded),
    }


def _head_context(page: DashboardPage, ledger: Ledger, facts: shape.Honesty) -> DashboardHead:
    """Return the period, the options and their links, which the page shows even without expenses."""
    links, query, currency = page.links, page.links.query, page.scope.currency
    period = query.period
    currencies = dashboard_links.currency_links(links, currency, ledger.home_currency, facts.rates.foreign)
    empty: DashboardChart = {"labels": [], "datasets": [], "total": "0"}
    steps = dashboard_links.step_links(links, page.today)
    return {
        "has_data": False,
        "view": query.view,
        "currency": currency,
        "heading": dashboard_links.period_name(period.months, period.contiguous),
        "days": days_text(period.months[0], period.months[-1]) if period.contiguous else "",
        "problems": query.problems,
        "presets": dashboard_links.preset_links(links, page.today),
        "previous_url": steps.get("previous_url", ""),
        "next_url": steps.get("next_url", ""),
        "first": month_text(period.months[0]),
        "last": month_text(period.months[-1]),
        "kept": [(name, value) for name, value in query.parameters() if name not in ("month", "from", "to")],
        "kept_without_currency": [(name, value) for name, value in query.parameters() if name != "currency"],
        "views": dashboard_links.view_links(links),
        "bars": dashboard_links.bars_links(links) if query.view == "comparison" else [],
        "categories": dashboard_links.category_links(links),
        "own_categories": dashboard_links.own_category_links(links),
        "all_categories": not query.categories,
        "all_categories_url": links.to(categories=()),
        "currencies": currencies,
        "shown_currencies": [item["label"] for item in currencies],
        "csv_url": links.to() + "&format=csv",
        "expenses_url": links.spent(page.scope.months),
        "besides": _besides(page),
        "chart_data": chart_data(page, empty, {"labels": [], "datasets": [], "links": []}, 0),
    }


def _list_url(links: Links, scope: Scope, **filters: str) -> str:
    """Return the URL of what was spent in the months of the page, with more filters."""
    return links.spent(scope.months, **filters)


def _besides(page: DashboardPage) -> list[LinePart]:
    """Return the line under the total. Nothing that was moved or received is in some categories of spending."""
    if page.links.query.categories:
        return []
    figures = [page.scope.figures[month] for month in page.scope.months]
    found = add_besides(((month.moved, month.received) for month in figures), page.scope.currency)
    return besides_line(found, page.money, lambda kind: page.links.expenses(page.scope.months, (), kind=kind))


class _OneOff(TypedDict):
    """What the page says about one-off expenses. switch: the name of the link that includes them or leaves them out."""

    text: str
    url: str
    switch: str


def _one_off(page: DashboardPage) -> _OneOff | None:
    """Return what the page says about one-off expenses and the switch, None if the months have none."""
    scope = page.scope
    usual = scope.without_one_off()
    amount = scope.total() - usual.total()
    if shape.honesty(scope).count == shape.honesty(usual).count:
        return None
    included = page.links.query.with_one_off
    text = (
        _("%(amount)s is one-off and counts in averages and comparisons.")
        if included
        else _("%(amount)s is one-off and left out of averages and comparisons.")
    )
    return {
        "text": text % {"amount": page.money(amount)},
        "url": page.links.to(with_one_off=not included),
        "switch": _("Leave it out") if included else _("Include it"),
    }


def _flow_context(page: DashboardPage) -> dict[str, object]:
    """Return the context of the cash flow view. It shows all categories of spending."""
    months = [page.scope.figures[month] for month in page.scope.months if month in page.scope.figures]
    if not any(month.categories or month.received for month in months):
        return {}
    main, facts = flow_context(page), RateFacts(page.scope.currency)
    for month in months:
        for figures in (*month.categories.values(), *month.received.values()):
            facts.add(figures)
    # An amount would mix what came in with what went out.
    of_both = partial(page.links.expenses, page.scope.months, (), kind=[Kind.SPENT, Kind.RECEIVED])
    notes = [note._replace(amount="") for note in rate_notes(facts, page.money, of_both)]
    no_trend: DashboardChart = {"labels": [], "datasets": [], "links": []}
    return {
        **main,
        "has_data": True,
        "rate_notes": notes,
        "notices": short_notes(facts),
        "chart_data": chart_data(page, main["chart"], no_trend, facts.left_out),
    }


def _main_context(page: DashboardPage, usual: DashboardPage) -> tuple[BreakdownContext | ComparisonContext, Decimal]:
    """Return the context of the breakdown or the comparison, and its total. usual: the page for comparisons."""
    if page.links.query.view == "comparison":
        return comparison_context(page, usual)
    return breakdown_context(page), page.scope.total()


def _reference_rates(scope: Scope, ledger: Ledger) -> Any:
    """Return a function for `change_of_period`: the value of one unit of a currency on the day before the period."""
    day = first_of(scope.months[0]) - timedelta(days=1)

    def reference(code: str) -> Decimal | None:
        book = rates.rates_for([(day, code), (day, scope.currency)], ledger.own_rates)
        converted = book.convert(Decimal(1), code, scope.currency, day)
        return converted and converted.amount

    return reference


def csv_rows(scope: Scope, query: DashboardQuery) -> Iterator[list[str]]:
    """Yield the main table as rows of cells, header first and totals last, with amounts in the display currency."""
    if query.view == "cashflow":
        yield from flow_csv_rows(scope)
        return
    if query.view == "comparison":
        yield from comparison_csv(scope, with_one_off=query.with_one_off)
        return
    yield from breakdown_csv(scope, query.categories)

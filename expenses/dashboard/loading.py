"""Loads the figures that a dashboard needs."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from classifier.category_set import BASE, CategorySet
from expenses.dashboard.dashboard_query import DashboardQuery
from expenses.dashboard.levels import parts_to_show
from expenses.dashboard.period_change import same_day
from expenses.dashboard.scope import Figures, Scope
from expenses.months import add_months


def months_needed(query: DashboardQuery) -> list[date]:
    """Return the months to show, those before them that the averages need, and those to compare with."""
    return sorted({*shown_and_averaged(query), *query.compared})


def shown_and_averaged(query: DashboardQuery) -> set[date]:
    """Return the months to show, and those before them that the averages need."""
    shown = query.period.months
    return {*shown, *(add_months(shown[0], -n) for n in range(1, min(len(shown), 2) + 1))}


def dashboard_scope(figures: Figures, query: DashboardQuery, display: str, categories: CategorySet = BASE) -> Scope:
    """Return the scope of the query's months and categories. figures: of all months needed, in `display`."""
    parts = parts_to_show(figures, query.shown_categories, categories)
    return Scope(figures, query.period.months, tuple(parts), display, parts)


def load_before(loaded: Scope, query: DashboardQuery, load: Callable[[date, date], Figures], today: date) -> Scope:
    """Return the scope of the months to compare with. If the period isn't over, the last one only has the same days.

    loaded: all the months needed. load(month, until): the figures of the first days of a month.
    """
    months = query.compared
    until = same_day(query.period.months, months, today)
    if until is None:
        return replace(loaded, months=months)
    figures = {**loaded.figures, **load(months[-1], until)}
    return Scope(figures, months, loaded.categories, loaded.currency, loaded.parts)

"""Change the list of a person's saved views. Pure: each function returns a new list."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TypedDict

from bson import ObjectId

from expenses.dashboard.dashboard_query import DashboardQuery
from expenses.dashboard.links import Link, Links, period_name, preset_names
from expenses.models.saved_views import MOST, NAME_LENGTH, SavedView
from expenses.months import presets

Views = tuple[SavedView, ...]


class PeriodChoice(TypedDict):
    """A period that a view can keep. value: a preset, "" for these months."""

    value: str
    label: str


class SavedContext(TypedDict):
    """The context of `expenses/_saved_views.html`. full: whether there can't be more views."""

    views: list[Link]
    query: str
    periods: list[PeriodChoice]
    full: bool
    name_length: int


def with_view(views: Sequence[SavedView], view: SavedView) -> Views | None:
    """Return the views with a new one, or with it in the place of the one with its name. None if there are too many."""
    same = next((each for each in views if each.name.casefold() == view.name.casefold()), None)
    if same:
        return tuple(replace(view, id=same.id, start=same.start) if each is same else each for each in views)
    return (*views, view) if len(views) < MOST else None


def renamed(views: Sequence[SavedView], view_id: str, name: str) -> Views | None:
    """Return the views with one renamed. None if another one has the name."""
    if any(each.name.casefold() == name.casefold() and each.id != view_id for each in views):
        return None
    return tuple(replace(each, name=name) if each.id == view_id else each for each in views)


def started(views: Sequence[SavedView], view_id: str) -> Views:
    """Return the views with one as the start page, or none if it is already."""
    return tuple(replace(each, start=each.id == view_id and not each.start) for each in views)


def without_view(views: Sequence[SavedView], view_id: str) -> Views:
    return tuple(each for each in views if each.id != view_id)


def view_of(query: DashboardQuery, name: str, preset: str, today: date) -> SavedView:
    """Return a view of what a query shows. preset: the period that moves on with time, "" to keep the months."""
    moves = presets(today).get(preset) == query.period.months
    return SavedView(str(ObjectId()), name, query.text(with_period=not moves), preset if moves else "")


def saved_context(views: Sequence[SavedView], links: Links, today: date) -> SavedContext:
    """Return the context of `expenses/_saved_views.html`."""
    query = links.query
    shown = query.text()
    named = preset_names()
    moving = [name for name, months in presets(today).items() if months == query.period.months]
    fixed: PeriodChoice = {"value": "", "label": period_name(query.period.months, query.period.contiguous)}
    return {
        "views": [{**view_link(view, links.path, today), "current": view.parameters(today) == shown} for view in views],
        "query": shown,
        "periods": [*({"value": name, "label": named[name]} for name in moving), fixed],
        "full": len(views) >= MOST,
        "name_length": NAME_LENGTH,
    }


def view_link(view: SavedView, path: str, today: date) -> Link:
    return {"id": view.id, "label": view.name, "url": f"{path}?{view.parameters(today)}", "start": view.start}

"""The links of the dashboard: to its other views and periods, and to the expenses behind a bar, a slice or a day."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NotRequired, TypedDict
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from classifier.categories import CATEGORIES, Kind, base_slug
from classifier.category_set import category_of, shown_categories
from expenses import money
from expenses.dashboard.dashboard_query import BARS, VIEWS, DashboardQuery
from expenses.months import Period, add_months, earliest_month, first_of, latest_month, month_of, month_text, presets

_CURRENCIES_AT_HAND = 5


class Link(TypedDict):
    """A link of the dashboard. current: whether it leads to what is shown. slug: of a category.

    id, start: of a saved view, and whether the dashboard opens with it.
    """

    label: str | Promise
    url: str
    current: NotRequired[bool]
    slug: NotRequired[str]
    id: NotRequired[str]
    start: NotRequired[bool]


class Links:
    """Builds the URLs for one query. display: the display currency. home: the default currency of the list."""

    def __init__(self, query: DashboardQuery, display: str, home: str) -> None:
        self.query = query
        self.path = reverse("dashboard")
        self.list_path = reverse("expenses:list")
        self.display = [("display", display)] if display != home else []

    def to(self, **changes: Any) -> str:
        return self.query.url(self.path, **changes)

    def expenses(
        self,
        months: Sequence[date],
        categories: Sequence[str] | None = None,
        until: date | None = None,
        /,
        **more: str | Sequence[str],
    ) -> str:
        """Return the URL of the entries in some months and categories. Default: the categories of the dashboard.

        until: the last day, if the last month isn't whole. "" if a category is unknown, because no list has only that.
        """
        slugs = self.query.shown_categories if categories is None else categories
        if slugs and len(shown_categories().chosen(slugs)) < len(slugs):
            return ""
        if until:
            when = [("month", "all"), ("since", first_of(months[0]).isoformat()), ("until", until.isoformat())]
        elif len(months) > 1 and Period(tuple(months)).contiguous:
            when = [("month", "all"), ("from", month_text(months[0])), ("to", month_text(months[-1]))]
        else:
            when = [("month", month_text(month)) for month in months]
        chosen = [("category", slug) for slug in slugs]
        return f"{self.list_path}?{urlencode([*when, *chosen, *self.display, *more.items()], doseq=True)}"

    def spent(
        self,
        months: Sequence[date],
        categories: Sequence[str] | None = None,
        until: date | None = None,
        /,
        **more: str | Sequence[str],
    ) -> str:
        """Return the URL of what was spent, like `expenses`."""
        return self.expenses(months, categories, until, kind=Kind.SPENT, **more)

    def expense(self, expense_id: str) -> str:
        return f"{self.list_path}{expense_id}/edit/"

    def before_day(self, day: date, **more: str) -> str:
        """Return the beginning of the URLs of a month's days. A day in ISO format completes one."""
        return self.spent([month_of(day)], **more, day=day.isoformat()).removesuffix(day.isoformat())


def preset_names() -> dict[str, str]:
    return {
        "this-month": _("This month"),
        "last-3": _("3 months"),
        "last-6": _("6 months"),
        "last-12": _("12 months"),
        "last-24": _("24 months"),
        "this-year": _("This year"),
    }


def preset_links(links: Links, today: date) -> list[Link]:
    names = preset_names()
    shown = links.query.period.months
    return [
        {"label": names[name], "url": links.to(months=months), "current": months == shown}
        for name, months in presets(today).items()
        if not (name == "this-year" and len(months) == 1)
    ]


def step_links(links: Links, today: date) -> dict[str, str]:
    """Return links to the same number of months earlier and later, if expenses can be in them."""
    months, period = links.query.period.months, links.query.period
    if not period.contiguous:
        return {}
    steps = {"previous_url": -len(months), "next_url": len(months)}
    latest = latest_month(today)
    moved = {name: [add_months(month, n) for month in months] for name, n in steps.items()}
    return {name: links.to(months=to) for name, to in moved.items() if to[0] >= earliest_month() and to[-1] <= latest}


def view_links(links: Links) -> list[Link]:
    names = {"breakdown": _("Breakdown"), "comparison": _("Comparison"), "cashflow": _("Cash flow")}
    return [{"label": names[v], "url": links.to(view=v), "current": v == links.query.view} for v in VIEWS]


def bars_links(links: Links) -> list[Link]:
    names = {"grouped": _("Side by side"), "stacked": _("Stacked")}
    current = BARS[links.query.stacked]
    return [{"label": names[bars], "url": links.to(bars=bars), "current": bars == current} for bars in BARS]


def category_links(links: Links) -> list[Link]:
    """Return links to the base categories. Hidden ones only have a link while they are selected."""
    offered = {slug for slug, _name in shown_categories().choices()}
    chosen = {base_slug(slug) for slug in links.query.categories}
    bases = [slug for slug in shown_categories().categories if slug in CATEGORIES]
    return [_category_link(links, slug) for slug in bases if slug in offered or slug in chosen]


def own_category_links(links: Links) -> list[Link]:
    """Return links to the own categories of the base category that is selected, if it is only one."""
    bases = {base_slug(slug) for slug in links.query.categories}
    return [
        _category_link(links, slug) for base in bases if len(bases) == 1 for slug in shown_categories().own_of(base)
    ]


def _category_link(links: Links, slug: str) -> Link:
    chosen = slug in links.query.categories
    url = links.to(categories=links.query.toggled(slug))
    return {"slug": slug, "label": category_of(slug).name, "url": url, "current": chosen}


def currency_links(links: Links, display: str, home: str, used: set[str]) -> list[Link]:
    """Return links to the home currency, the one shown, and those of the expenses, at most five."""
    codes = list(dict.fromkeys([home, display, *sorted(used & set(money.CURRENT))]))[:_CURRENCIES_AT_HAND]
    if len(codes) < 2:
        codes += [code for code in ("EUR", "USD") if code not in codes][: 2 - len(codes)]
    return [
        {"label": code, "url": links.to(currency="" if code == home else code), "current": code == display}
        for code in codes
    ]


def month_name(month: date) -> str:
    """Format a month in the active language: `August 2026`."""
    return f"{MONTHS[month.month]} {month.year}"


def short_month(month: date) -> str:
    return f"{_short_name(month)} {month.year}"


def _short_name(month: date) -> str:
    return MONTHS_3[month.month].title()


def period_name(months: Sequence[date], contiguous: bool) -> str:
    """Format a period: `August 2026`, `Mar – Aug 2026`, `Dec 2024 – Nov 2026`, or a list of months with gaps."""
    if len(months) == 1:
        return month_name(months[0])
    first, last = months[0], months[-1]
    if not contiguous:
        return ", ".join(short_month(month) for month in months)
    start = _short_name(first) if first.year == last.year else short_month(first)
    return _("%(first)s – %(last)s") % {"first": start, "last": short_month(last)}

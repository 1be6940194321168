"""Parse the URL parameters of the dashboard into a validated `DashboardQuery`, and build URLs from it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from classifier.categories import CATEGORIES, Kind, base_slug, kind_of
from classifier.category_set import shown_categories
from expenses import money
from expenses.months import MAX_MONTHS, Period, add_months, month_text, parse_period

VIEWS = ("breakdown", "comparison", "cashflow")
BARS = ("grouped", "stacked")
# What a period is compared with: the months before it, or the same months a year earlier.
AGAINST = ("before", "year")
# Up to this many months are compared with those before. More only if the URL has a choice, because that doubles them.
_COMPARED_UP_TO = 12
# Up to this many months are readable side by side. More are stacked unless the URL has a choice.
_GROUPED_UP_TO = 3


@dataclass(frozen=True)
class DashboardQuery:
    """The period, view, currency and categories to show.

    against: one of AGAINST, or "" for the default. other: the months to compare with instead, empty for none.
    categories: selected slugs in display order, empty for all; never a base category with one of its own. bars: "" for
    the default. with_one_off: whether averages, trends and comparisons include one-off expenses. problems: messages
    about ignored parameters.
    """

    period: Period
    view: str = VIEWS[0]
    currency: str = ""
    categories: tuple[str, ...] = ()
    bars: str = ""
    with_one_off: bool = False
    against: str = ""
    other: tuple[date, ...] = ()
    problems: tuple[str, ...] = field(default=(), compare=False)

    @property
    def shown_categories(self) -> tuple[str, ...]:
        """The categories to show, empty for all."""
        return () if self.view == "cashflow" else self.categories

    @property
    def compared(self) -> tuple[date, ...]:
        """The months that the period is compared with, empty for none."""
        months = self.period.months
        if self.view == "cashflow" or not (self.against or self.other or len(months) <= _COMPARED_UP_TO):
            return ()
        if self.other:
            return self.other
        span = (months[-1].year - months[0].year) * 12 + months[-1].month - months[0].month + 1
        return tuple(add_months(month, -12 if self.against == "year" else -span) for month in months)

    @property
    def stacked(self) -> bool:
        return (self.bars or BARS[len(self.period.months) > _GROUPED_UP_TO]) == "stacked"

    def parameters(self) -> list[tuple[str, str]]:
        """Return URL parameters from which `parse_dashboard_query` reads the same query. Defaults are left out."""
        pairs = [
            *self.period.parameters(),
            ("view", self.view if self.view != VIEWS[0] else ""),
            ("currency", self.currency),
            *(("category", slug) for slug in self.categories),
            ("bars", self.bars),
            ("one_off", "1" if self.with_one_off else ""),
            ("against", self.against),
            ("against_from", month_text(self.other[0]) if self.other else ""),
            ("against_to", month_text(self.other[-1]) if self.other else ""),
        ]
        return [(name, value) for name, value in pairs if value]

    def text(self, *, with_period: bool = True) -> str:
        """Return the URL parameters as text."""
        period = () if with_period else self.period.parameters()
        return urlencode([pair for pair in self.parameters() if pair not in period])

    def url(self, path: str, **changes: Any) -> str:
        """Return the URL of this query with some fields changed. `months` sets a period of these months."""
        if months := changes.pop("months", None):
            changes["period"] = Period(tuple(months))
        return f"{path}?{replace(self, **changes).text()}"

    def toggled(self, slug: str) -> tuple[str, ...]:
        """Return the selected categories with one added or removed. Empty if that selects all of them.

        An own category replaces its base category, and the other way round.
        """
        base = base_slug(slug)
        kept = {each for each in self.categories if each == slug or base_slug(each) != base or base not in (each, slug)}
        return _selection(kept ^ {slug})


def parse_dashboard_query(params: QueryDict, today: date) -> DashboardQuery:
    """Parse the parameters. Invalid ones are ignored, with a message in `problems`."""
    period = parse_period(params.getlist("month"), params.get("from", ""), params.get("to", ""), today)
    problems = _period_problems(period)
    other = _parse_other(params, today)
    problems += _period_problems(other) if other else []
    view = params.get("view", "").strip()
    if view and view not in VIEWS:
        problems.append(_("That view doesn't exist. Here is the breakdown instead."))
    code = params.get("currency", "").strip().upper()
    if code and code not in money.CURRENT:
        problems.append(money.refusal(_shortened(code)))
    wanted = [slug for slug in params.getlist("category") if slug]
    known = shown_categories()
    unknown = next((slug for slug in wanted if not known.chosen([slug]) or kind_of(slug) != Kind.SPENT), None)
    if unknown is not None:
        problems.append(_("There is no category “%(name)s”.") % {"name": _shortened(unknown)})
    bars, against = params.get("bars", ""), params.get("against", "")
    return DashboardQuery(
        period=period,
        view=view if view in VIEWS else VIEWS[0],
        currency=code if code in money.CURRENT else "",
        categories=_selection(wanted),
        bars=bars if bars in BARS else "",
        with_one_off=params.get("one_off") == "1",
        against=against if against in AGAINST and not other else "",
        other=other.months if other and not other.bad else (),
        problems=tuple(problems),
    )


def _parse_other(params: QueryDict, today: date) -> Period | None:
    """Read the months to compare with. None if the URL has none."""
    first, last = (params.get(name, "").strip() for name in ("against_from", "against_to"))
    return parse_period((), first, last, today) if first or last else None


def _selection(slugs: Iterable[str]) -> tuple[str, ...]:
    """Return the categories of spending among slugs, in display order. Empty if they are all base categories."""
    chosen = [slug for slug in shown_categories().chosen(slugs) if kind_of(slug) == Kind.SPENT]
    if CATEGORIES.keys() <= set(chosen):
        return ()
    return tuple(slug for slug in chosen if slug == base_slug(slug) or base_slug(slug) not in chosen)


def _period_problems(period: Period) -> list[str]:
    problems = []
    if period.bad:
        message = _("“%(text)s” isn't a month, so it was ignored. Write months like 2026-08.")
        problems.append(message % {"text": _shortened(period.bad[0])})
    if period.cut:
        message = ngettext(
            "Showing only the last %(n)d month, the most that fits on one page.",
            "Showing only the last %(n)d months, the most that fit on one page.",
            MAX_MONTHS,
        )
        problems.append(message % {"n": MAX_MONTHS})
    return problems


def _shortened(text: str) -> str:
    return text if len(text) <= 20 else text[:19] + "…"

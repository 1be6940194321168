"""The dashboard's query: from the URL's parameters to checked values, and back to the URLs of its links."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from classifier.categories import CATEGORIES, SLUGS
from expenses import money
from expenses.months import MAX_MONTHS, Period, parse_period

VIEWS = ("breakdown", "comparison")
BARS = ("grouped", "stacked")
# Months that are readable side by side; more are stacked unless the URL says otherwise.
_GROUPED_UP_TO = 3


@dataclass(frozen=True)
class DashboardQuery:
    """What to show. categories: chosen slugs in display order, none for all. bars: "" where the person did not choose.

    problems: sentences about what was left out of the query.
    """

    period: Period
    view: str = VIEWS[0]
    currency: str = ""
    categories: tuple[str, ...] = ()
    bars: str = ""
    problems: tuple[str, ...] = field(default=(), compare=False)

    @property
    def shown_categories(self) -> tuple[str, ...]:
        return self.categories or SLUGS

    @property
    def stacked(self) -> bool:
        return (self.bars or BARS[len(self.period.months) > _GROUPED_UP_TO]) == "stacked"

    def parameters(self) -> list[tuple[str, str]]:
        """The URL's parameters, without those that say what is so anyway; `parse` gives the same query back."""
        pairs = [
            *self.period.parameters(),
            ("view", self.view if self.view != VIEWS[0] else ""),
            ("currency", self.currency),
            *(("category", slug) for slug in self.categories),
            ("bars", self.bars),
        ]
        return [(name, value) for name, value in pairs if value]

    def url(self, path: str, **changes: Any) -> str:
        """The address of this query with some fields changed; `months` stands for a period of these."""
        if months := changes.pop("months", None):
            changes["period"] = Period(tuple(months))
        return f"{path}?{urlencode(replace(self, **changes).parameters())}"

    def toggled(self, slug: str) -> tuple[str, ...]:
        """The chosen categories with one put in or taken out; all of them is the same as none."""
        chosen = set(self.categories) ^ {slug}
        return tuple(name for name in SLUGS if name in chosen) if len(chosen) < len(SLUGS) else ()


def parse_dashboard_query(params: QueryDict, today: date) -> DashboardQuery:
    """Read the parameters. What makes no sense is left out and named in `problems`."""
    period = parse_period(params.getlist("month"), params.get("from", ""), params.get("to", ""), today)
    problems = _period_problems(period)
    view = params.get("view", "").strip()
    if view and view not in VIEWS:
        problems.append(_("There is no such view, so you see the breakdown."))
    code = params.get("currency", "").strip().upper()
    if code and code not in money.CURRENT:
        problems.append(_("FinBrain has no rates for the currency “%(code)s”.") % {"code": _shortened(code)})
    wanted = [slug for slug in params.getlist("category") if slug]
    unknown = next((slug for slug in wanted if slug not in CATEGORIES), None)
    if unknown is not None:
        problems.append(_("There is no category “%(name)s”.") % {"name": _shortened(unknown)})
    categories = tuple(slug for slug in SLUGS if slug in wanted)
    bars = params.get("bars", "")
    return DashboardQuery(
        period=period,
        view=view if view in VIEWS else VIEWS[0],
        currency=code if code in money.CURRENT else "",
        categories=categories if len(categories) < len(SLUGS) else (),
        bars=bars if bars in BARS else "",
        problems=tuple(problems),
    )


def _period_problems(period: Period) -> list[str]:
    problems = []
    if period.bad:
        message = _("“%(text)s” is not a month such as 2026-08, so it was left out.")
        problems.append(message % {"text": _shortened(period.bad[0])})
    if period.cut:
        message = ngettext(
            "You see the last %(n)d month: no more fit on one page.",
            "You see the last %(n)d months: no more fit on one page.",
            MAX_MONTHS,
        )
        problems.append(message % {"n": MAX_MONTHS})
    return problems


def _shortened(text: str) -> str:
    return text if len(text) <= 20 else text[:19] + "…"

"""The trend by day or by month: its chart, its table and its sentence."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypedDict

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from expenses.dashboard import shape
from expenses.dashboard.dashboard_types import DashboardChart
from expenses.dashboard.links import month_name, short_month
from expenses.dashboard.page_data import DashboardPage
from expenses.dashboard.shape import Point
from expenses.months import month_of
from expenses.sums.figures import ZERO


class Trend(TypedDict):
    """The chart, table and sentence of the trend. rows: of `linked_rows`, with the amount and the average."""

    title: str
    average_name: str
    rows: list[tuple[str, str, str, str]]
    summary: str
    chart: DashboardChart


def trend_context(page: DashboardPage) -> Trend:
    """Return the chart, table and sentence of the trend, by day for one month and by month for several."""
    daily = len(page.scope.months) == 1
    averaged = page.links.query.period.contiguous
    points = shape.daily_trend(page.scope, page.today) if daily else _points_drawn(page)
    averages = [point.average if averaged else None for point in points]
    name = _("%(n)d-day average") if daily else _("%(n)d-month average")
    average_name = name % {"n": shape.DAYS_AVERAGED if daily else shape.MONTHS_AVERAGED}
    labels = [str(point.when.day) if daily else short_month(point.when) for point in points]
    base = page.links.before_day(points[0].when, **page.filters) if daily else ""
    links = [f"{base}{point.when}" if daily else page.links.spent([point.when], **page.filters) for point in points]
    return {
        "title": _("Day by day") if daily else _("Month by month"),
        "average_name": average_name,
        "rows": [
            (
                link,
                date_format(point.when, "MONTH_DAY_FORMAT") if daily else month_name(point.when),
                page.money(point.amount),
                "–" if average is None else page.money(average),
            )
            for point, average, link in zip(points, averages, links, strict=True)
        ],
        "summary": _daily_summary(page, points) if daily else _monthly_summary(page, points),
        "chart": {
            "labels": labels,
            "datasets": [
                {"label": _("Spent"), "data": [str(point.amount) for point in points]},
                {"label": average_name, "data": [None if a is None else str(a) for a in averages]},
            ],
            "links": links,
        },
    }


def _points_drawn(page: DashboardPage) -> list[Point]:
    """Return the months to draw. One that isn't over has no average, because it would look like a drop."""
    now, drawn = month_of(page.today), page.scope.drawn
    points = [point for point in shape.monthly_trend(page.scope) if point.when in drawn]
    return [point if point.when < now else replace(point, average=None) for point in points]


def _daily_summary(page: DashboardPage, points: Sequence[Point]) -> str:
    spent = [point for point in points if point.amount > 0]
    if not spent:
        return _("No spending in this period.")
    top = max(spent, key=lambda point: point.amount)
    message = ngettext(
        "You spent money on %(n)d of %(days)d days. The most was %(amount)s on %(day)s.",
        "You spent money on %(n)d of %(days)d days. The most was %(amount)s on %(day)s.",
        len(spent),
    )
    when, amount = date_format(top.when, "MONTH_DAY_FORMAT"), page.money(top.amount)
    days = page.days_to_count()
    return message % {"n": len(spent), "days": days, "day": when, "amount": amount}


def _monthly_summary(page: DashboardPage, points: Sequence[Point]) -> str:
    averaged = [point for point in points if point.when in page.scope.over(page.today)]
    if not averaged:
        return _("The average appears here as soon as one of these months is over.")
    mean, last = sum((point.amount for point in averaged), ZERO) / len(averaged), averaged[-1]
    values = {"mean": page.money(mean), "month": month_name(last.when)}
    if last.average is None or last.amount == last.average:
        return _("%(mean)s a month on average.") % values
    if last.amount > last.average:
        return _("%(mean)s a month on average; %(month)s is above its three-month average.") % values
    return _("%(mean)s a month on average; %(month)s is below its three-month average.") % values

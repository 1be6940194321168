"""Where the month is heading, as the dashboard of the current month says it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NotRequired, TypedDict

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from expenses.dashboard.links import month_name, short_month
from expenses.dashboard.query import DashboardQuery
from expenses.dashboard.tables_and_charts import MINUS
from expenses.forecast.loading import Known
from expenses.forecast.months_ahead import Hits, hits, is_enough, month_end, months_ahead
from expenses.forecast.ranges import Range
from expenses.money import format_whole
from expenses.months import month_of

_LEAST_TRIED = 3
_DIGITS = 3


class OutlookRow(TypedDict):
    """How a month will end. received, kept: only if income can be forecast."""

    name: str
    low: str
    point: str
    high: str
    received: NotRequired[str]
    kept: NotRequired[str]


class ChartLine(TypedDict):
    """A line of the chart. data: amounts, as text."""

    label: str
    data: list[str]


class OutlookChart(TypedDict):
    """The content of `#outlook-data`."""

    labels: list[str]
    datasets: list[ChartLine]


class TooEarly(TypedDict):
    """The context of `expenses/_outlook.html` while nothing can be forecast. too_early: why."""

    too_early: str


class Outlook(TypedDict):
    """The context of `expenses/_outlook.html`."""

    summary: str
    point: str
    record: str
    kept: str
    rows: list[OutlookRow]
    has_income: bool
    chart: OutlookChart


def is_shown(query: DashboardQuery, today: date) -> bool:
    """Whether a page is about the current month alone and all of its categories."""
    return query.period.months == (month_of(today),) and not query.shown_categories


def outlook_context(known: Known, currency: str, today: date) -> Outlook | TooEarly | None:
    """Return the context of `expenses/_outlook.html`, None if there is nothing at all to say."""
    if not known.spent.values.any():
        return None
    if not is_enough(known.spent, today):
        return {"too_early": _too_early(known, today)}
    month = month_of(today)
    spent = {month: month_end(known.spent, today).shifted(known.one_off)} | months_ahead(known.spent, today)
    received: dict[date, Range] = {}
    if is_enough_income(known, today):
        received = {month: month_end(known.received, today)} | months_ahead(known.received, today)
    now = spent[month]
    values = {"month": month_name(month), "low": _about(now.low, currency), "high": _about(now.high, currency)}
    return {
        "summary": _("%(month)s will probably end between %(low)s and %(high)s.") % values,
        "point": _("Most likely around %(amount)s.") % {"amount": _about(now.point, currency)},
        "record": _record(hits(known.spent, today)),
        "kept": _kept(spent[month], received.get(month), currency),
        "rows": [_row(each, spent[each], received.get(each), currency) for each in spent],
        "has_income": bool(received),
        "chart": _chart(spent),
    }


def is_enough_income(known: Known, today: date) -> bool:
    """Whether income can be forecast: it comes by itself, or often enough."""
    return any(each.next_on for each in known.received.series) or is_enough(known.received, today)


def _too_early(known: Known, today: date) -> str:
    if (today - known.spent.first).days < 90:
        day = date_format(known.spent.first, "DATE_FORMAT")
        text = _(
            "Too early to say where this month will end. FinBrain needs three months of expenses, and yours begin on "
            "%(day)s."
        )
        return text % {"day": day}
    return _("Too few expenses in the last three months to say where this month will end.")


def _record(found: Hits) -> str:
    """Say how often such a range held, and that it isn't known yet with few months."""
    if found.tried < _LEAST_TRIED:
        return _("Ranges like this one should be right 8 times in 10. The coming months will show how often yours are.")
    text = ngettext(
        "In %(inside)d of the last %(n)d month, the end was inside the range of the same day.",
        "In %(inside)d of the last %(n)d months, the end was inside the range of the same day.",
        found.tried,
    )
    return text % {"inside": found.inside, "n": found.tried}


def _kept(spent: Range, received: Range | None, currency: str) -> str:
    """Say what will be left of the month's income."""
    if received is None:
        return ""
    left = received.plus(spent.negated())
    values = {"low": _about(left.low, currency), "high": _about(left.high, currency)}
    return _("Of your income, between %(low)s and %(high)s will be left.") % values


def _row(month: date, spent: Range, received: Range | None, currency: str) -> OutlookRow:
    low, point, high = (_about(value, currency) for value in (spent.low, spent.point, spent.high))
    row: OutlookRow = {"name": short_month(month), "low": low, "point": point, "high": high}
    if received is not None:
        row["received"] = _about(received.point, currency)
        row["kept"] = _about(received.point - spent.point, currency)
    return row


def _chart(spent: Mapping[date, Range]) -> OutlookChart:
    """Return the content of `#outlook-data`, from which `outlook.js` draws."""
    columns = ((_("Lowest"), "low"), (_("Most likely"), "point"), (_("Highest"), "high"))
    return {
        "labels": [short_month(month) for month in spent],
        "datasets": [
            {"label": label, "data": [str(_rounded(getattr(each, name))) for each in spent.values()]}
            for label, name in columns
        ],
    }


def _about(amount: float, currency: str) -> str:
    """Format an amount that nobody knows to the cent: three digits that count, without decimals."""
    return format_whole(_rounded(amount), currency, get_language()).replace("-", MINUS)


def _rounded(amount: float) -> Decimal:
    whole = round(Decimal(amount))
    return Decimal(round(whole, min(0, _DIGITS - len(str(abs(whole))))))

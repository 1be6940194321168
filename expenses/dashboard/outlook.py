"""Where the month is heading, as the dashboard of the current month says it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from math import ceil
from typing import NamedTuple, NotRequired, TypedDict

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from expenses.dashboard.dashboard_query import DashboardQuery
from expenses.dashboard.links import month_name, short_month
from expenses.dashboard.page_data import MINUS
from expenses.forecast.loading import Known
from expenses.forecast.months_ahead import Hits, Past, hits, is_enough, month_end, months_ahead
from expenses.forecast.ranges import Range
from expenses.money import format_whole
from expenses.months import first_of, last_of, month_of

_LEAST_TRIED = 3
_DIGITS = 3


class _Shown(NamedTuple):
    """A forecast as the page shows it, in whole units."""

    low: Decimal
    point: Decimal
    high: Decimal


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
    if _is_enough_income(known, today):
        received = {month: month_end(known.received, today)} | months_ahead(known.received, today)
    shown = _shown(spent, known.spent, {month: known.one_off})
    shown_received = _shown(received, known.received, {})
    summary, point = _summary(month_name(month), shown[month], currency)
    kept = ""
    if received:
        likely = shown_received[month].point - shown[month].point
        kept = _kept(spent[month], received[month], likely, currency)
    return {
        "summary": summary,
        "point": point,
        "record": _record(hits(known.spent, today)),
        "kept": kept,
        "rows": [_row(each, shown[each], shown_received.get(each), currency) for each in shown],
        "has_income": bool(received),
        "chart": _chart(shown),
    }


def _is_enough_income(known: Known, today: date) -> bool:
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


def _shown(ranges: Mapping[date, Range], past: Past, more: Mapping[date, float]) -> dict[date, _Shown]:
    """Round the forecasts of months, but to nothing below what is known of the month already.

    more: known amounts of months that aren't in `past`.
    """
    found = {}
    for month, each in ranges.items():
        known = past.between(first_of(month), last_of(month)) + more.get(month, 0)
        least = Decimal(ceil(round(known, 3)))
        found[month] = _Shown(*(max(_rounded(amount, _place(amount)), least) for amount in each))
    return found


def _summary(month: str, shown: _Shown, currency: str) -> tuple[str, str]:
    """Say where the month will end and what is most likely, with one amount if that is all there is to say."""
    low, point, high = (_text(amount, currency) for amount in shown)
    if shown.low == shown.high:
        return _("%(month)s will probably end at about %(amount)s.") % {"month": month, "amount": point}, ""
    values = {"month": month, "low": low, "high": high}
    summary = _("%(month)s will probably end between %(low)s and %(high)s.") % values
    return summary, _("Most likely around %(amount)s.") % {"amount": point}


def _kept(spent: Range, received: Range, kept: Decimal, currency: str) -> str:
    """Say what will be left of the month's income. kept: the most likely amount, as the table shows it."""
    left = received.plus(spent.negated())
    place = max(_place(received.point), _place(spent.point))
    low, high = (kept + _rounded(amount - left.point, place) for amount in (left.low, left.high))
    if low == high:
        return _("Of your income, about %(amount)s will be left.") % {"amount": _text(kept, currency)}
    values = {"low": _text(low, currency), "high": _text(high, currency)}
    return _("Of your income, between %(low)s and %(high)s will be left.") % values


def _row(month: date, spent: _Shown, received: _Shown | None, currency: str) -> OutlookRow:
    """Return the texts of a month. What is kept is the difference of the two amounts as they are shown."""
    low, point, high = (_text(amount, currency) for amount in spent)
    row: OutlookRow = {"name": short_month(month), "low": low, "point": point, "high": high}
    if received is not None:
        row["received"] = _text(received.point, currency)
        row["kept"] = _text(received.point - spent.point, currency)
    return row


def _chart(spent: Mapping[date, _Shown]) -> OutlookChart:
    """Return the content of `#outlook-data`, from which `outlook.js` draws."""
    columns = ((_("Lowest"), "low"), (_("Most likely"), "point"), (_("Highest"), "high"))
    return {
        "labels": [short_month(month) for month in spent],
        "datasets": [
            {"label": label, "data": [str(getattr(each, name)) for each in spent.values()]} for label, name in columns
        ],
    }


def _text(amount: Decimal, currency: str) -> str:
    return format_whole(amount, currency, get_language()).replace("-", MINUS)


def _rounded(amount: float, place: int) -> Decimal:
    """Round an amount that nobody knows to the cent. place: as of `_place`."""
    return Decimal(round(round(Decimal(amount)), -place))


def _place(amount: float) -> int:
    """Return how many digits of a whole amount become zeros, so that three digits count."""
    return max(0, len(str(abs(round(amount)))) - _DIGITS)

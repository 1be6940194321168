"""Prepare the smaller parts of the dashboard: the calendar, the lists, the change, and notes on the total."""

from datetime import date
from decimal import Decimal
from html import escape
from statistics import median
from typing import Any

from babel.dates import get_day_names
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from classifier.merchant_name import readable
from expenses.dashboard import shape
from expenses.dashboard.dashboard_types import (
    BiggestContext,
    BiggestLine,
    CalendarContext,
    MerchantLine,
    MerchantsContext,
)
from expenses.dashboard.links import month_name
from expenses.dashboard.merchants import top_merchants
from expenses.dashboard.page_data import DashboardPage
from expenses.dashboard.top import BigRow, biggest_expenses
from expenses.money import format_money, format_percent, minus_sign
from expenses.money.formatting import babel_locale
from expenses.months import days_of
from expenses.sums.figures import ZERO
from finbrain.core.bidi import isolated

# The units of short amounts, what each stands for, and the least amount that it is used for.
_UNITS = (("T", 10**12, 10**12), ("B", 10**9, 10**9), ("M", 10**6, 10**6), ("k", 10**3, 10**4))


def calendar_context(page: DashboardPage, usual: DashboardPage) -> CalendarContext:
    """Return the calendar: a table for each month, whose rows are HTML. usual: the page for averages."""
    locale = babel_locale(get_language())
    long, short = (get_day_names(width, "stand-alone", locale) for width in ("wide", "narrow"))
    weekdays = ((long[day % 7], short[day % 7]) for day in range(page.first_weekday, page.first_weekday + 7))
    days = shape.heat_levels(page.scope)
    usual_days = days if usual.scope is page.scope else shape.heat_levels(usual.scope)
    months = [month for month in page.scope.months if page.scope.day_totals(month)]
    return {
        "months": [
            {"name": month_name(month), "weeks": _week_rows(page, month, days, len(months) == 1)} for month in months
        ],
        "left_out": _left_out(len(page.scope.months) - len(months)),
        "weekdays": format_html_join("", '<th scope="col"><abbr title="{}">{}</abbr></th>', weekdays),
        "summary": _calendar_summary(page, days, usual_days),
        "levels": range(1, shape.HEAT_LEVELS + 1),
    }


def _left_out(count: int) -> str:
    """Return the sentence about months that have no table because nothing was spent in them."""
    message = ngettext(
        "%(n)d month without spending is not shown.", "%(n)d months without spending are not shown.", count
    )
    return message % {"n": count} if count else ""


def _week_rows(page: DashboardPage, month: date, days: dict[date, Any], single: bool) -> SafeString:
    """Render the rows of a month's table. A template would take 20 ms for the 730 cells of two years.

    single: whether it is the only table, which has room for amounts.
    """
    first, *_rest = numbered = days_of(month)
    cells = ["<td></td>"] * ((first.weekday() - page.first_weekday) % 7)
    base = escape(page.links.before_day(first))
    for day in numbered:
        amount, level = days.get(day, (None, 0))
        cells.append(_day_cell(page, day, amount, level, base, single))
    cells += ["<td></td>"] * (-len(cells) % 7)
    rows = ("".join(cells[at : at + 7]) for at in range(0, len(cells), 7))
    return mark_safe("".join(f"<tr>{row}</tr>" for row in rows))  # noqa: S308 - what is not ours is escaped


def _day_cell(page: DashboardPage, day: date, amount: Decimal | None, level: int, base: str, single: bool) -> str:
    """Render a day. It shows the amount if its month is the only one; otherwise only the link's title does."""
    if amount is None:
        return f'<td class="heat-none">{day.day}</td>'
    text = escape(page.money(amount))
    shown = ""
    if single:
        shown = f'<span class="heat-short" aria-hidden="true">{_compact(amount)}</span>'
    return f'<td class="heat-{level}"><a href="{base}{day}" title="{text}">{day.day}{shown}</a></td>'


def _compact(amount: Decimal) -> str:
    """Format an amount in few characters: 58, 3,200, 12k, 1.2M, 340B. The day's title has the exact amount."""
    unit, size = next(((unit, size) for unit, size, least in _UNITS if abs(amount) >= least), ("", 1))
    scaled = amount / size
    written = f"{abs(scaled):,.{int(bool(unit) and abs(scaled) < 10)}f}{unit}"
    return minus_sign(get_language()) + written if amount < 0 else written


def _calendar_summary(page: DashboardPage, days: dict[date, Any], usual_days: dict[date, Any]) -> str:
    spent = [day for day, (amount, _level) in days.items() if amount > 0]
    usual = [amount for amount, _level in usual_days.values() if amount > 0]
    if not usual:
        return _("No spending in this period.")
    free = page.days_to_count() - len(spent)
    message = ngettext(
        "%(n)d no-spend day. On a typical spending day you spend %(amount)s.",
        "%(n)d no-spend days. On a typical spending day you spend %(amount)s.",
        free,
    )
    return message % {"n": free, "amount": page.money(median(usual))}


def biggest_context(page: DashboardPage) -> BiggestContext:
    rows = biggest_expenses(page.scope)
    language = get_language()
    listed: list[BiggestLine] = [
        {
            "title": readable(row.figure.expense.title),
            "url": page.links.expense(row.figure.expense.id),
            "slug": row.figure.expense.category,
            "date": date_format(row.spent_on, "DATE_FORMAT"),
            "amount": page.money(row.value) if row.value is not None else "",
            "entered": ""
            if row.figure.expense.currency == page.scope.currency
            else format_money(Decimal(row.figure.expense.amount), row.figure.expense.currency, language),
        }
        for row in rows
    ]
    return {"rows": listed, "summary": _biggest_summary(page, rows)}


def _biggest_summary(page: DashboardPage, rows: list[BigRow]) -> str:
    amounts = [row.value for row in rows if row.value is not None]
    total = sum((page.scope.month_total(month) for month in page.scope.months), ZERO)
    together = sum(amounts, ZERO)
    if not amounts or total <= 0 or together > total:
        return _("Your largest expenses.")
    message = ngettext(
        "It makes up %(share)s of the total.", "Together they make up %(share)s of the total.", len(amounts)
    )
    return message % {"share": format_percent(together * 100 / total, get_language())}


def merchants_context(page: DashboardPage) -> MerchantsContext:
    rows, truncated = top_merchants(page.scope)
    language = get_language()
    listed: list[MerchantLine] = [
        {
            "title": readable(row.title),
            "url": page.links.spent(page.scope.months, merchant=row.title),
            "slug": row.category,
            "count": row.count,
            "as_entered": row.amounts.keys() != {page.scope.currency},
            "amounts": [format_money(amount, code, language) for code, amount in sorted(row.amounts.items())],
        }
        for row in rows
    ]
    if not rows:
        return {"rows": [], "summary": _("No merchant appears more than once."), "truncated": truncated}
    message = ngettext("%(title)s appears %(n)d time.", "%(title)s appears %(n)d times.", rows[0].count)
    summary = message % {"title": isolated(readable(rows[0].title)), "n": rows[0].count}
    return {"rows": listed, "summary": summary, "truncated": truncated}

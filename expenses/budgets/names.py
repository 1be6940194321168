"""What budgets and their periods are called, and the addresses of their entries."""

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from classifier.category_set import category_of, shown_categories
from expenses.budgets.carry import BudgetPeriod
from expenses.dashboard.links import period_name
from expenses.models.budgets import EVERYTHING, Budget, Per
from expenses.months import first_of, last_of, month_of, month_range, month_text


def scope_name(scope: str) -> str:
    """Return the name of a budget's category."""
    return _("Everything") if scope == EVERYTHING else str(category_of(scope).name)


def per_text(budget: Budget) -> str:
    """Return how long a budget's periods are: `per month`, `from the 25th of each month`."""
    texts = {
        Per.WEEK: _("per week"),
        Per.MONTH: _("per month"),
        Per.QUARTER: _("per quarter"),
        Per.YEAR: _("per year"),
        Per.DAY: _("per month from day %(n)d") % {"n": budget.every},
        Per.WORKING_DAY: _("from the last working day of each month"),
        Per.WEEKS: _("every %(n)d weeks") % {"n": budget.every},
    }
    return texts[Per(budget.per)]


def _whole_months(first: date, last: date) -> list[date]:
    """Return the months that the days fill, empty if they don't fill months."""
    start, end = month_of(first), month_of(last)
    return month_range(start, end) if (first, last) == (first_of(start), last_of(end)) else []


def period_text(first: date, last: date) -> str:
    """Return the name of a period: `March 2026`, `Jan – Mar 2026`, `2026`, `Mar 25 – Apr 24`."""
    months = _whole_months(first, last)
    if len(months) == 12 and months[0].month == 1:
        return str(months[0].year)
    if months:
        return period_name(months, contiguous=True)
    start, end = (date_format(day, "MONTH_DAY_FORMAT") for day in (first, last))
    return _("%(first)s – %(last)s") % {"first": start, "last": end}


def list_url(scope: str, period: BudgetPeriod, home: str) -> str:
    """Return the URL of the list with what was spent in a period."""
    months = _whole_months(period.start, period.last)
    if len(months) == 1:
        when = [("month", month_text(months[0]))]
    elif months:
        when = [("month", "all"), ("from", month_text(months[0])), ("to", month_text(months[-1]))]
    else:
        days = ("since", period.start.isoformat()), ("until", period.last.isoformat())
        when = [("month", "all"), *days]
    category = [] if scope == EVERYTHING else [("category", shown_categories().slug_of(scope))]
    display = [("display", period.currency)] if period.currency != home else []
    return f"{reverse('expenses:list')}?{urlencode([*when, ('kind', 'spent'), *category, *display])}"

"""The days of months, in words."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from expenses.months import ON_FIRST, current_start, first_of, last_of


def days_text(first: date, last: date) -> str:
    """Return the days of the months from `first` to `last`: `Mar 25 – Apr 24`. "" if months begin on the 1st."""
    if current_start() == ON_FIRST:
        return ""
    start, end = (date_format(day, "MONTH_DAY_FORMAT") for day in (first_of(first), last_of(last)))
    return _("%(first)s – %(last)s") % {"first": start, "last": end}

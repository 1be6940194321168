"""The days of months, in words."""

from datetime import date

from babel.dates import format_skeleton
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from expenses.money.formatting import babel_locale
from expenses.months import ON_FIRST, current_start, first_of, last_of


def days_text(first: date, last: date) -> str:
    """Return the days of the months from `first` to `last`: `Mar 25 – Apr 24`. "" if months begin on the 1st."""
    if current_start() == ON_FIRST:
        return ""
    locale = babel_locale(get_language())
    start, end = (format_skeleton("MMMd", day, locale=locale) for day in (first_of(first), last_of(last)))
    return _("%(first)s – %(last)s") % {"first": start, "last": end}

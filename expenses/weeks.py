"""The first day of the week, for calendars and weekly budgets.

`weeks_starting` makes a ledger's choice the current one, as Django does with a language.
"""

from contextlib import AbstractContextManager
from contextvars import ContextVar

from babel.core import Locale, UnknownLocaleError
from django.utils.translation import get_language

from accounts.models import WeekStart
from expenses.money.formatting import babel_locale
from finbrain.core.current import as_current

_DAYS: dict[str, int] = {WeekStart.MONDAY: 0, WeekStart.SATURDAY: 5, WeekStart.SUNDAY: 6}
_NAMES = {day: name for name, day in _DAYS.items()}
# Hebrew is the language of one country, so it has that country's week. Weeks of other languages begin on Monday.
_WEEKS_OF = {"he": "he_IL"}
_current: ContextVar[str] = ContextVar("week_start", default=WeekStart.AUTO)


def weeks_starting(chosen: str) -> AbstractContextManager[None]:
    """Make a ledger's first day of the week, a `WeekStart`, the current one in a block."""
    return as_current(_current, chosen)


def current_first_weekday() -> int:
    """Return the current first day of the week, 0 for Monday."""
    return first_weekday(_current.get(), get_language())


def first_weekday(chosen: str, language: str | None) -> int:
    """Return the first day of the week, 0 for Monday: the one that the person chose, else that of the language."""
    usual = babel_locale(_WEEKS_OF.get(language or "", language)).first_week_day
    return _DAYS.get(chosen, usual)


def week_start_in(territory: str) -> str:
    """Return the first day of the week in a country, as a `WeekStart`. territory: its ISO 3166 code."""
    try:
        return _NAMES.get(Locale.parse(f"und_{territory}").first_week_day, WeekStart.AUTO)
    except (ValueError, UnknownLocaleError):
        return WeekStart.AUTO

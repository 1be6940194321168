"""The first day of the week, for calendars."""

from babel.core import Locale, UnknownLocaleError

from accounts.models import WeekStart
from expenses.money.formatting import babel_locale

_DAYS: dict[str, int] = {WeekStart.MONDAY: 0, WeekStart.SATURDAY: 5, WeekStart.SUNDAY: 6}
_NAMES = {day: name for name, day in _DAYS.items()}
# Hebrew is the language of one country, so it has that country's week. Weeks of other languages begin on Monday.
_WEEKS_OF = {"he": "he_IL"}


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

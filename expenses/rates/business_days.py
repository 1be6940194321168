"""The days on which the ECB publishes rates. They are the opening days of TARGET, the euro's settlement system."""

from datetime import date, timedelta

_GOOD_FRIDAY, _EASTER_MONDAY = timedelta(days=-2), timedelta(days=1)
# Month and day.
_FIXED = {(1, 1), (5, 1), (12, 25), (12, 26)}


def is_business_day(day: date) -> bool:
    """Whether the day is neither on a weekend nor one of TARGET's six holidays."""
    at_easter = day - easter(day.year) in (_GOOD_FRIDAY, _EASTER_MONDAY)
    return day.weekday() < 5 and (day.month, day.day) not in _FIXED and not at_easter


def last_business_day(day: date) -> date:
    """Return `day` if it is a business day, or else the last one before it."""
    while not is_business_day(day):
        day -= timedelta(days=1)
    return day


def easter(year: int) -> date:
    """Return Easter Sunday in the Gregorian calendar, by Butcher's algorithm."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    correction = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * correction + 114, 31)
    return date(year, month, day + 1)

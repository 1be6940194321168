"""Days of the Persian calendar, which statements of Iran and Afghanistan use."""

from datetime import date, timedelta

# Years that statements may have: from 1996 to 2036. Years of the Islamic calendar (1448 in 2026) are beyond them.
YEARS = range(1375, 1415)
_NAMES = (
    "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
    "فروردين ارديبهشت خرداد تير امرداد شهريور مهر ابان اذر دي بهمن اسفند",
    "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت",
)
MONTHS = {name: number for names in _NAMES for number, name in enumerate(names.split(), 1)}
# The first days of years are 365 days apart, and 366 after these places in a cycle of 33 years.
_LEAP_YEARS, _CYCLE = (1, 5, 9, 13, 17, 22, 26, 30), 33
_LONG_MONTHS, _LONG, _SHORT = 6, 31, 30
_FIRST = date(1996, 3, 20)


def of_persian(year: int, month: int, day: int) -> date:
    """Return the Gregorian date. Raises ValueError if there is no such day."""
    before = sum(map(_is_leap, range(YEARS.start, year))) + 365 * (year - YEARS.start)
    if year not in YEARS or not 1 <= month <= 12 or not 1 <= day <= _days_in(year, month):
        raise ValueError(year, month, day)
    months = sum(_days_in(year, one) for one in range(1, month))
    return _FIRST + timedelta(days=before + months + day - 1)


def _days_in(year: int, month: int) -> int:
    if month == 12:
        return _SHORT if _is_leap(year) else _SHORT - 1
    return _LONG if month <= _LONG_MONTHS else _SHORT


def _is_leap(year: int) -> bool:
    return year % _CYCLE in _LEAP_YEARS

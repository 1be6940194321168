"""Adds the year to days without one, from the file's other dates or its name; else the latest year that is possible."""

import re
from calendar import isleap
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise

from expenses.statements.days import looks_like_day, month_names, plain_month, read_day
from expenses.statements.header_words import begins_with_footer, rank_columns
from expenses.statements.period import Period, last_day
from expenses.statements.profile import MOST
from expenses.statements.statement import Column, DateOrder

_DAY = re.compile(r"'?(\d{1,2})([./-])(\d{1,2})\.?(\s+\d{1,2}:\d{2}[\d:.\s]*(?:[ap]\.?m\.?)?)?", re.IGNORECASE)
_NAMED = re.compile(
    r"(?:(\d{1,2})\.?[\s-]*([^\W\d_]{3,})\.?|([^\W\d_]{3,})\.?[\s-]*(\d{1,2})|(\d{1,2})月\s?(\d{1,2})日?)"
)
_FULL_DAY = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\d{4}年\d{1,2}月\d{1,2}日")
# Not in an account's number, as in "DE02 1203 0000 0000 2020 51".
_YEAR = re.compile(r"(?<!\d)(?<!\d{4} )(20\d\d)(?!\d{3}| \d{4})")
# Days this long after the last date that the file names are of the year before.
_AHEAD = timedelta(days=45)
# Rows are in the order of their days if this share of them is at most so many days after the row before, or a little
# earlier. In a year of months of the same length.
_STEADY, _STEP, _BACK = 0.9, 92, 31
_LONGEST_MONTH, _LONGEST_YEAR = 31, 372
_MonthAndDay = tuple[int, int]
# The rows in which days without a year are searched.
_LOOKED_AT = 500


def without_years(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """The columns with days without a year, in the rows with more than one cell that are no totals."""
    looked_at = [row for row in rows[:_LOOKED_AT] if sum(map(bool, row)) > 1 and not begins_with_footer(row)]
    return [place for place, name in enumerate(header) if _lacks_years(name, [row[place] for row in looked_at])]


def complete_days(
    places: Sequence[int], rows: list[list[str]], texts: Iterable[str], today: date, period: Period | None = None
) -> int | None:
    """Write the year into the days of `rows` in the columns `places`.

    Rows in the order of their days may span several years. texts: the file's name and the cells of its other lines.
    period: of the statement, if it states one. Returns the last year if the file doesn't tell it, so that
    the days are the latest ones until today; else None.
    """
    others = [cell for row in rows for place, cell in enumerate(row) if place not in places]
    told = (period and last_day(period)) or _last_day([*texts, *others[:20_000]])
    last = told or _latest(today, (row[place] for row in rows for place in places))
    for place in places:
        month_first = any(_second_is_day(row[place]) for row in rows)
        lasts = _last_days([_month_and_day(row[place], month_first) for row in rows], last)
        for row, latest in zip(rows, lasts, strict=True):
            row[place] = _with_year(row[place], latest, month_first)
    order = DateOrder.MONTH_FIRST if month_first else DateOrder.DAY_FIRST
    days = [day for row in rows for place in places if (day := read_day(row[place], order))]
    return None if told else max(days, default=last).year


def _last_days(days: Sequence[_MonthAndDay | None], last: date) -> list[date]:
    """The last day that each of the days may be: the end of its year if the rows are in the order of their days.

    Days in no order are all of the twelve months until `last`.
    """
    places = [place for place, day in enumerate(days) if day]
    for oldest_first in (places, places[::-1]):
        turns = _turns([days[place] or (1, 1) for place in oldest_first])
        newest = _day_until(days[oldest_first[-1]], last) if turns else None
        if turns and newest:
            ends = [date(newest.year + turn - turns[-1], 12, 31) for turn in turns]
            by_place = dict(zip(oldest_first, ends, strict=True))
            return [by_place.get(place, last) for place in range(len(days))]
    return [last] * len(days)


def _turns(days: Sequence[_MonthAndDay]) -> list[int] | None:
    """How often the year has turned before each of the days, the oldest first; None if they are in another order."""
    places = [_LONGEST_MONTH * month + day for month, day in days]
    forward = [(after - before) % _LONGEST_YEAR for before, after in pairwise(places)]
    steps = [step if step < _LONGEST_YEAR - _BACK else step - _LONGEST_YEAR for step in forward]
    later, earlier = sum(0 < step <= _STEP for step in steps), sum(step < 0 for step in steps)
    if later <= earlier or sum(step <= _STEP for step in steps) < len(steps) * _STEADY:
        return None
    turns = [0]
    for step, (before, after) in zip(steps, pairwise(places), strict=True):
        turns.append(turns[-1] + (step > 0 and after < before) - (step < 0 and after > before))
    return turns


def _latest(today: date, cells: Iterable[str]) -> date:
    """Today, or the end of the latest leap year if one of the days needs one."""
    if not any(_month_and_day(cell, first) == (2, 29) for cell in cells for first in (False, True)):
        return today
    return today if isleap(today.year) and today.month > 2 else date(next(filter(isleap, _years_until(today))), 12, 31)


def _years_until(today: date) -> range:
    return range(today.year - 1, 0, -1)


def _lacks_years(header: str, cells: Sequence[str]) -> bool:
    """Whether a column has days without a year. Numbers such as 10.05 count only below a name of days."""
    filled = [cell for cell in cells if cell]
    is_named = rank_columns(header, Column.DATE) > 0
    fits = [cell for cell in filled if _month_and_day(cell, False) and not looks_like_day(cell)]
    if not filled or len(fits) < len(filled) * MOST:
        return False
    return is_named or not any(_DAY.fullmatch(cell) and not cell.endswith(".") and "/" not in cell for cell in fits)


def _second_is_day(cell: str) -> bool:
    found = _DAY.fullmatch(cell)
    return bool(found) and int(found[3]) > 12


def _month_and_day(cell: str, month_first: bool) -> _MonthAndDay | None:
    """The month and the day that a cell names; None if it names none."""
    if found := _DAY.fullmatch(cell):
        parts = int(found[1]), int(found[3])
        month, day = parts if month_first or parts[1] > 12 else parts[::-1]
    elif found := _NAMED.fullmatch(cell):
        name = found[2] or found[3]
        month = int(found[5]) if found[5] else month_names().get(plain_month(name), 0)
        day = int(found[1] or found[4] or found[6])
    else:
        return None
    return (month, day) if 1 <= month <= 12 and 1 <= day <= 31 else None


def _last_day(texts: Iterable[str]) -> date | None:
    """The last day that rows may have: somewhat after the last one that texts name, or the end of the last year."""
    days: list[date] = []
    years: list[int] = []
    for text in texts:
        for found in _FULL_DAY.findall(text[:200]):
            days += [day for order in DateOrder if (day := read_day(found, order))][:1]
        years += [int(year) for year in _YEAR.findall(text[:200])]
    if days:
        return max(days) + _AHEAD
    return date(max(years), 12, 31) if years else None


def _with_year(cell: str, last: date, month_first: bool) -> str:
    """The cell with the year that makes it a day of the twelve months until `last`. Numbers stay in their order."""
    day = _day_until(_month_and_day(cell, month_first), last)
    numbers = _DAY.fullmatch(cell)
    if day and numbers:
        return "{1}{2}{3}{2}{0}".format(day.year, *numbers.groups())
    return day.isoformat() if day else cell


def _day_until(found: _MonthAndDay | None, last: date) -> date | None:
    """The latest such day until `last`."""
    for year in (last.year, last.year - 1, last.year - 2):
        try:
            day = date(year, *found) if found else None
        except ValueError:
            continue
        if day and day <= last:
            return day
    return None

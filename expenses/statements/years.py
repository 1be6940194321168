"""Adds the year to days that are written without one, from the other dates of the file or from its name."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from expenses.statements.days import looks_like_day, month_names, plain_month, read_day
from expenses.statements.header_words import rank_columns
from expenses.statements.profile import MOST
from expenses.statements.statement import Column, DateOrder

_DAY = re.compile(r"(\d{1,2})([./-])(\d{1,2})\.?(\s+\d{1,2}:\d{2}.*)?")
_NAMED = re.compile(
    r"(?:(\d{1,2})\.?[\s-]*([^\W\d_]{3,})\.?|([^\W\d_]{3,})\.?[\s-]*(\d{1,2})|(\d{1,2})月\s?(\d{1,2})日?)"
)
_FULL_DAY = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\d{4}年\d{1,2}月\d{1,2}日")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d{3})")
# Days this long after the last date that the file names are of the year before.
_AHEAD = timedelta(days=45)
# The rows in which days without a year are searched.
_LOOKED_AT = 500


def complete_days(header: Sequence[str], rows: list[list[str]], texts: Iterable[str]) -> None:
    """Write the year into the days of `rows`, if a column has days without one and the file tells the year.

    texts: the file's name and the cells of its other lines.
    """
    looked_at = rows[:_LOOKED_AT]
    places = [place for place, name in enumerate(header) if _lacks_years(name, [row[place] for row in looked_at])]
    if not places:
        return
    others = [cell for row in rows for place, cell in enumerate(row) if place not in places]
    last = _last_day([*texts, *others[:20_000]])
    if last is None:
        return
    for place in places:
        month_first = any(_second_is_day(row[place]) for row in rows)
        for row in rows:
            row[place] = _with_year(row[place], last, month_first)


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


def _month_and_day(cell: str, month_first: bool) -> tuple[int, int] | None:
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
    """The last day that texts name; the last day of the last year if they name only years."""
    days: list[date] = []
    years: list[int] = []
    for text in texts:
        for found in _FULL_DAY.findall(text[:200]):
            days += [day for order in DateOrder if (day := read_day(found, order))][:1]
        years += [int(year) for year in _YEAR.findall(text[:200])]
    if days:
        return max(days)
    return date(max(years), 12, 31) if years else None


def _with_year(cell: str, last: date, month_first: bool) -> str:
    """The cell as an ISO date in the year that ends at `last`."""
    found = _month_and_day(cell, month_first)
    for year in (last.year, last.year - 1):
        try:
            day = date(year, *found) if found else None
        except ValueError:
            continue
        if day and day <= last + _AHEAD:
            return day.isoformat()
    return cell

"""The period that a statement states above its movements, as in "01.02.2026 - 28.02.2026"."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from expenses.statements.days import read_day
from expenses.statements.statement import DateOrder

_DAY = (
    r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\d{4}年\d{1,2}月\d{1,2}日"
    r"|\d{1,2}\.?\s(?:de\s)?[^\W\d_]{3,}\.?\s(?:de\s)?\d{4}|[^\W\d_]{3,}\s\d{1,2},?\s\d{4}"
)
# Between both days there is little more than a dash or a word such as "to".
_PERIOD = re.compile(rf"(?<!\d)({_DAY})\D{{1,12}}?({_DAY})(?!\d)")
_LONGEST_LINE = 300
# Rows may be booked a little before or after the period.
_SLACK = timedelta(days=7)

Period = tuple[str, str]


def stated_period(lines: Iterable[str]) -> Period | None:
    """The first and the last day of a period as text; None unless the lines state exactly one."""
    found = {(first, last) for line in lines for first, last in _PERIOD.findall(line[:_LONGEST_LINE])}
    periods = [one for one in found if any(bounds(one, order) for order in DateOrder)]
    return periods[0] if len(periods) == 1 else None


def bounds(period: Period, order: DateOrder) -> tuple[date, date] | None:
    """The days between which movements of a period may be, if its days are written in this order; else None."""
    first, last = (read_day(text, order) for text in period)
    return (first - _SLACK, last + _SLACK) if first and last and first <= last else None


def last_day(period: Period) -> date | None:
    """The last day that movements of a period may have; None if its days don't tell their order."""
    found = {found[1] for order in DateOrder if (found := bounds(period, order))}
    return found.pop() if len(found) == 1 else max(found) if _same_year(found) else None


def _same_year(days: set[date]) -> bool:
    return len({day.year for day in days}) == 1

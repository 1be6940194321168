"""Cycles: how far apart the entries of a series are, and when the next one is due. Pure."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from math import floor
from statistics import median

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from expenses.months import last_working_day

_MEAN_MONTH = 365.2425 / 12
# The next day depends on these last ones, because a day may move: a salary from the 1st to the 10th.
_RECENT = 7


class Cycle(TextChoices):
    """The cycles that a series can have, the shortest first."""

    WEEKLY = "weekly", _("weekly")
    TWO_WEEKLY = "2-weekly", _("every 2 weeks")
    FOUR_WEEKLY = "4-weekly", _("every 4 weeks")
    MONTHLY = "monthly", _("monthly")
    TWO_MONTHLY = "2-monthly", _("every 2 months")
    QUARTERLY = "quarterly", _("quarterly")
    HALF_YEARLY = "half-yearly", _("every 6 months")
    YEARLY = "yearly", _("yearly")


_DAYS = {Cycle.WEEKLY: 7, Cycle.TWO_WEEKLY: 14, Cycle.FOUR_WEEKLY: 28}
_MONTHS = {Cycle.MONTHLY: 1, Cycle.TWO_MONTHLY: 2, Cycle.QUARTERLY: 3, Cycle.HALF_YEARLY: 6, Cycle.YEARLY: 12}
LENGTHS = {cycle: float(_DAYS[cycle]) if cycle in _DAYS else _MONTHS[cycle] * _MEAN_MONTH for cycle in Cycle}
# How many days early or late an entry may be.
TOLERANCES = dict(zip(Cycle, (2.0, 3.0, 4.5, 6.5, 8.0, 10.0, 14.0, 20.0), strict=True))


@lru_cache(maxsize=20_000)
def _month_place(day: date) -> float:
    """Return a day as a number of months. The last day of every month is at about the same place of its month."""
    return day.year * 12 + day.month - 1 + (day.day - 0.5) / monthrange(day.year, day.month)[1]


def place(day: date, cycle: Cycle) -> float:
    """Return a day as a number of cycles."""
    if cycle in _DAYS:
        return day.toordinal() / _DAYS[cycle]
    return _month_place(day) / _MONTHS[cycle]


def day_after(day: date, cycle: Cycle, times: int = 1) -> date:
    """Return the same day some cycles later. The 31st becomes the last day of a shorter month."""
    if cycle in _DAYS:
        return day + timedelta(days=_DAYS[cycle] * times)
    return _in_month(day, _MONTHS[cycle] * times, day.day)


def _in_month(start: date, months: int, number: int) -> date:
    count = start.year * 12 + start.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(number, monthrange(year, month)[1]))


def next_day(days: Sequence[date], cycle: Cycle) -> date:
    """Return the day after the last of `days`, which are in order, that the next entry is due.

    A late or early last one doesn't shift the cycle.
    """
    recent = days[-_RECENT:]
    if cycle in _DAYS:
        return _next_by_days(recent, _DAYS[cycle])
    months = _MONTHS[cycle]
    if len(recent) > 2 and _is_last_working_day(recent):
        return last_working_day(_in_month(recent[-1].replace(day=1), months, 1))
    middle = median(_in_circle([_month_place(day) % 1 for day in recent]))
    slot = floor(_month_place(recent[-1]) - middle + 0.5) + months
    return _day_at(slot + middle, _usual_number(recent))


def _next_by_days(recent: Sequence[date], length: int) -> date:
    last = recent[-1].toordinal()
    offsets = [(day.toordinal() - last + length / 2) % length - length / 2 for day in recent]
    return date.fromordinal(last + length + round(median(offsets)))


def _in_circle(parts: Sequence[float]) -> list[float]:
    """Return places within a month, those just before its beginning below zero if the last of them is just after it."""
    return [parts[-1] + (part - parts[-1] + 0.5) % 1 - 0.5 for part in parts]


def _usual_number(days: Sequence[date]) -> int | None:
    """Return the day of the month that most of the days have. None if they differ."""
    numbers = [day.day for day in days]
    common = max(numbers, key=lambda number: (numbers.count(number), number))
    is_usual = numbers.count(common) * 2 > len(numbers)
    # A weekend moves a fixed day, and so does a short month.
    return common if is_usual or common > 28 else None


def _day_at(where: float, number: int | None) -> date:
    """Return the day at a place in months, or the nearest one with the usual number."""
    count = floor(where)
    year, month = count // 12, count % 12 + 1
    length = monthrange(year, month)[1]
    day = date(year, month, min(length, max(1, round((where - count) * length + 0.5))))
    if number is None:
        return day
    near = [_in_month(day, shift, number) for shift in (-1, 0, 1)]
    return min(near, key=lambda each: abs((each - day).days))


def _is_last_working_day(days: Sequence[date]) -> bool:
    """Whether the days are last working days of months, and not all of them last days."""
    return all(day == last_working_day(day) for day in days) and any(
        (day + timedelta(days=1)).month == day.month for day in days
    )

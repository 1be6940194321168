"""Chooses the column of days and the order of day, month and year."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from expenses.months import EARLIEST_DAY
from expenses.statements.days import looks_like_day, read_count, read_day
from expenses.statements.header_words import WHOLE_NAME, rank_columns
from expenses.statements.period import Period, bounds
from expenses.statements.profile import MOST, Profile
from expenses.statements.statement import Column, DateOrder

_HUNDRED = 100
_MONTH_FIRST_HOMES = {"USD", "PHP"}
# What speaks against an order: how many days can't be read in it, how many in other columns, how many are written as it
# never is, how many are outside the period, and how far apart rows are.
_Cost = tuple[int, int, int, int, int]


@dataclass(frozen=True)
class DayGuess:
    """The column of days and their order.

    other: another order that is as likely; None if there is none. is_newest_first: None if unknown.
    """

    place: int | None
    order: DateOrder
    other: DateOrder | None = None
    is_newest_first: bool | None = None


def choose_days(
    profiles: Sequence[Profile], home: str, place: int | None = None, period: Period | None = None
) -> DayGuess:
    """Choose the column by name and cells, then the order.

    place: the index of the column if it is known. period: of the statement, if it states one.
    """
    if place is None:
        fits = {one.place: _fit(one) for one in profiles if _has_days(one)}
        likely = [profiles[at] for at in fits if fits[at] == max(fits.values())]
        place = min(likely, key=lambda one: _lateness(one, home, period)).place if likely else None
    if place is None:
        return DayGuess(None, DateOrder.DAY_FIRST)
    cells = profiles[place].filled
    others = [one.filled for one in profiles if one.days >= MOST and one.place != place]
    order, other = _date_order(cells, home, others, period)
    return DayGuess(place, order, other, trend(cells, order))


def trend(cells: Sequence[str], order: DateOrder) -> bool | None:
    """Whether the newest rows come first; None if their days don't say."""
    days = [day for cell in cells if (day := read_day(cell, order) or read_count(cell))]
    ups = sum(after > before for before, after in pairwise(days))
    downs = sum(after < before for before, after in pairwise(days))
    return None if ups == downs else downs > ups


def _has_days(one: Profile) -> bool:
    """Whether a column holds days. A number of days or seconds counts only in a column with a name of days."""
    if not one.filled:
        return False
    rank = rank_columns(one.header, Column.DATE)
    if rank >= WHOLE_NAME:
        return any(map(looks_like_day, one.filled)) or one.counted_days >= MOST
    return one.days >= MOST or (rank > 0 and one.counted_days >= MOST)


def _fit(one: Profile) -> float:
    filled = len(one.filled) / len(one.cells)
    return rank_columns(one.header, Column.DATE) / _HUNDRED + 4 * filled + 4 * max(one.days, one.counted_days)


def _lateness(one: Profile, home: str, period: Period | None) -> tuple[int, bool, int]:
    """Orders columns with names that are as likely: days in reach, then different ones, then the movements' earlier."""
    if not one.header:  # the first is the day of booking
        return 0, False, 0
    order, _other = _date_order(one.filled, home, period=period)
    days = [day for cell in one.filled if (day := read_day(cell, order) or read_count(cell))]
    return sum(day < EARLIEST_DAY for day in days), len({*days}) == 1, sum(day.toordinal() for day in days)


def _date_order(
    cells: Sequence[str], home: str, others: Sequence[Sequence[str]] = (), period: Period | None = None
) -> tuple[DateOrder, DateOrder | None]:
    """The date order that fits most cells, and another one if it is as likely. others: the cells of other days.

    If several fit, the one whose days are in the statement's period, then the one that puts neighbouring rows' days
    closest together, because statements are sorted.
    """
    usual = [DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST, DateOrder.YEAR_FIRST]
    have_dots = all("." in cell for cell in cells)
    if home in _MONTH_FIRST_HOMES and not have_dots:
        usual[:2] = DateOrder.MONTH_FIRST, DateOrder.DAY_FIRST

    def unlikely(order: DateOrder) -> _Cost:
        days = [day for cell in cells if (day := read_day(cell, order))]
        misfits = sum(not read_day(cell, order) for column in others for cell in column)
        gaps = sum(abs((after - before).days) for before, after in pairwise(days))
        within = bounds(period, order) if period else None
        outside = sum(not within[0] <= day <= within[1] for day in days) if within else len(days) if period else 0
        odd = have_dots and order == DateOrder.MONTH_FIRST
        return len(cells) - len(days), misfits, odd, outside, gaps

    ranked = sorted(usual, key=unlikely)
    if cells and all(cell[:4].isdecimal() and read_day(cell, DateOrder.YEAR_FIRST) for cell in cells):
        return DateOrder.YEAR_FIRST, None
    is_sure = _is_sure(cells, ranked[0], ranked[1], unlikely(ranked[0]), unlikely(ranked[1]))
    return ranked[0], None if is_sure else ranked[1]


def _is_sure(cells: Sequence[str], first: DateOrder, second: DateOrder, cost: _Cost, other: _Cost) -> bool:
    """Whether the second order fits clearly worse, or makes no difference."""
    if cost[:4] < other[:4] or all(read_day(cell, first) == read_day(cell, second) for cell in cells):
        return True
    return other[4] > 3 * max(cost[4], 1)

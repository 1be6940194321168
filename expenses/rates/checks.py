"""Decide which published rates to accept. Pure: needs neither a database nor the network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

# After a longer gap a series starts again, so a different rate is not a jump (ISK 2008-2018).
MAX_GAP_DAYS = 10
JUMP = Decimal("0.30")
# Rates of two sources agree within this share, because one of them may print fewer digits.
_ROUNDING = Decimal("0.0001")


class DayQuotes(NamedTuple):
    """The rates of one day from one source: units of each currency for one euro."""

    day: date
    rates: dict[str, Decimal]


class Quote(NamedTuple):
    """The rate of one currency on one day."""

    day: date
    rate: Decimal


class Doubt(NamedTuple):
    """A rate that must not be used."""

    day: date
    code: str
    rate: Decimal


@dataclass
class Checked:
    """The result of `check_days`.

    accepted: day -> {code: rate}, with an entry for every given day.
    held: jumps that nothing has confirmed yet. rejected: rates that are zero, negative or not finite.
    """

    accepted: dict[date, dict[str, Decimal]] = field(default_factory=dict)
    held: list[Doubt] = field(default_factory=list)
    rejected: list[Doubt] = field(default_factory=list)


def _is_plausible(rate: Decimal) -> bool:
    """Whether the number can be a rate at all."""
    return rate.is_finite() and rate > 0


def is_jump(before: Decimal, after: Decimal) -> bool:
    """Whether the rate moved by 30% or more."""
    return abs(after - before) >= JUMP * before


def rates_agree(one: Decimal, other: Decimal) -> bool:
    """Whether the rates of two sources are the same except for rounding."""
    return abs(one - other) <= _ROUNDING * max(abs(one), abs(other))


def check_days(
    days: Sequence[DayQuotes],
    before: Mapping[str, Quote] | None = None,
    other_source: Mapping[date, Mapping[str, Decimal]] | None = None,
) -> Checked:
    """Sort the rates of `days` (ascending) into accepted, held and rejected.

    before: the last accepted quote of each currency before the first day. other_source: the other source's rates of
    these days. A jump is accepted if the other source has the same rate, or if the next day's rate is closer to it than
    to the last accepted rate. Otherwise it is held, and later rates are still compared with the last accepted one.
    """
    last = dict(before or {})
    checked = Checked()
    for index, (day, rates) in enumerate(days):
        accepted = checked.accepted[day] = {}
        for code, rate in rates.items():
            previous = last.get(code)
            if not _is_plausible(rate):
                checked.rejected.append(Doubt(day, code, rate))
            elif (
                previous is None
                or not _jumped(previous, day, rate)
                or _confirmed(days, index, code, previous, other_source)
            ):
                accepted[code] = rate
                last[code] = Quote(day, rate)
            else:
                checked.held.append(Doubt(day, code, rate))
    return checked


def _jumped(previous: Quote, day: date, rate: Decimal) -> bool:
    return (day - previous.day).days <= MAX_GAP_DAYS and is_jump(previous.rate, rate)


def _confirmed(
    days: Sequence[DayQuotes],
    index: int,
    code: str,
    previous: Quote,
    other_source: Mapping[date, Mapping[str, Decimal]] | None,
) -> bool:
    day, rates = days[index]
    rate = rates[code]
    elsewhere = (other_source or {}).get(day, {}).get(code)
    if elsewhere is not None and rates_agree(rate, elsewhere):
        return True
    for later, later_rates in days[index + 1 :]:
        if (later - day).days > MAX_GAP_DAYS:
            return False
        following = later_rates.get(code)
        if following is not None and _is_plausible(following):
            return not is_jump(rate, following) and abs(following - rate) < abs(following - previous.rate)
    return False

"""Decide which published rates to accept. Pure: needs neither a database nor the network."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import NamedTuple

# After a longer gap a series starts again, so a different rate is not a jump (ISK 2008-2018).
MAX_GAP_DAYS = 10
_JUMP = Decimal("0.30")
# Rates of two sources agree within this share, because one of them may print fewer digits.
_ROUNDING = Decimal("0.0001")
# How exactly a rate must be a power of ten of the one before to be suspected of counting in other units.
_UNIT_SLIP = Decimal("0.05")
_UNITS = tuple(Decimal(10) ** power for power in range(1, 7))


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
    return abs(after - before) >= _JUMP * before


def _is_unit_slip(before: Decimal, after: Decimal) -> bool:
    """Whether the rate became about 10, 100, ... a million times higher or lower.

    Then it is probably quoted per 100 units now, or in the currency that replaced this one.
    """
    factor = max(before, after) / min(before, after)
    return any(abs(factor / units - 1) <= _UNIT_SLIP for units in _UNITS)


def rates_agree(one: Decimal, other: Decimal, share: Decimal = _ROUNDING) -> bool:
    """Whether the rates of two sources are the same except for rounding, or for `share` of them."""
    return abs(one - other) <= share * max(abs(one), abs(other))


def check_days(
    days: Sequence[DayQuotes],
    before: Mapping[str, Quote] | None = None,
    other_source: Mapping[date, Mapping[str, Decimal]] | None = None,
    *,
    share: Decimal = _ROUNDING,
    unsettled: Collection[tuple[date, str]] = (),
) -> Checked:
    """Sort the rates of `days` (ascending) into accepted, held and rejected.

    before: the last accepted quote of each currency before the first day. other_source: the other source's rates of
    these days, which agree within `share`. A jump is accepted if the other source has the same rate, or if the next
    day's rate is closer to it than to the last accepted rate. The next day isn't enough for a change of units, and for
    the days in `unsettled`. Otherwise the jump is held, and later rates are still compared with the last accepted one.
    """
    last = dict(before or {})
    checked = Checked()
    confirms = partial(_confirmed, days, other_source=other_source or {}, share=share, unsettled=unsettled)
    for index, (day, rates) in enumerate(days):
        accepted = checked.accepted[day] = {}
        for code, rate in rates.items():
            previous = last.get(code)
            if not _is_plausible(rate):
                checked.rejected.append(Doubt(day, code, rate))
            elif previous is None or not _jumped(previous, day, rate) or confirms(index, code, previous):
                accepted[code] = rate
                last[code] = Quote(day, rate)
            else:
                checked.held.append(Doubt(day, code, rate))
    return checked


def _jumped(previous: Quote, day: date, rate: Decimal) -> bool:
    """Whether the rate moved too far. After a long gap it may, unless it is in different units now."""
    recent = (day - previous.day).days <= MAX_GAP_DAYS
    return (recent and is_jump(previous.rate, rate)) or _is_unit_slip(previous.rate, rate)


def _confirmed(
    days: Sequence[DayQuotes],
    index: int,
    code: str,
    previous: Quote,
    *,
    other_source: Mapping[date, Mapping[str, Decimal]],
    share: Decimal,
    unsettled: Collection[tuple[date, str]],
) -> bool:
    day, rates = days[index]
    rate = rates[code]
    elsewhere = other_source.get(day, {}).get(code)
    if elsewhere is not None and rates_agree(rate, elsewhere, share):
        return True
    if (day, code) in unsettled or _is_unit_slip(previous.rate, rate):
        return False
    for later, later_rates in days[index + 1 :]:
        if (later - day).days > MAX_GAP_DAYS:
            return False
        following = later_rates.get(code)
        if following is not None and _is_plausible(following):
            return not is_jump(rate, following) and abs(following - rate) < abs(following - previous.rate)
    return False

"""Compare a period with another: the categories that changed, and what caused it. Pure.

Every part is rounded so that the parts add up to the difference of the two totals.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from expenses.dashboard.scope import Scope
from expenses.dashboard.shape import ONE_OFF
from expenses.money import quantize
from expenses.months import first_of, last_of, month_of
from expenses.sums.flow import ZERO, Flow

Reference = Callable[[str], Decimal | None]


@dataclass(frozen=True)
class CategoryDifference:
    """The change of a category. inside: (slug, difference) of the stored categories that it adds up, if several."""

    slug: str
    difference: Decimal
    inside: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True)
class Causes:
    """What a change is made of.

    more: how many more expenses there were, negative for fewer. number: what they cost, each at the earlier average.
    each: how much more an expense cost on average, because of prices or because other things were bought. price: what
    that makes in all. one_off: the change of one-off expenses, which the other parts leave out. rates: the effect of
    exchange rates, None without foreign spending.
    """

    more: int
    number: Decimal
    each: Decimal
    price: Decimal
    one_off: Decimal
    rates: Decimal | None


@dataclass(frozen=True)
class PeriodChange:
    """The change of a period compared with another.

    before: the months of the other. until: its last day that counts, None if all do. by_category: the largest change
    first, without zeros, with one-off expenses as a category of their own if they are left out of comparisons.
    """

    before: tuple[date, ...]
    until: date | None
    amount: Decimal
    amount_before: Decimal
    by_category: tuple[CategoryDifference, ...]
    causes: Causes

    @property
    def difference(self) -> Decimal:
        return self.amount - self.amount_before


def same_day(months: Sequence[date], before: Sequence[date], today: date) -> date | None:
    """Return the last day of `before` to compare with the months, if the last of them isn't over.

    None if all days are compared, as with a period of another length.
    """
    if not before or months[-1] != month_of(today) or len(months) != len(before):
        return None
    until = first_of(before[-1]) + (today - first_of(months[-1]))
    return until if until < last_of(before[-1]) else None


def change_of_period(
    now: Scope, before: Scope, until: date | None, reference: Reference, *, with_one_off: bool = False
) -> PeriodChange | None:
    """Compare the months of one scope with those of another. None if nothing was spent in those.

    until: the last day that `before` has, None if its last month is whole. reference(code): the value of one unit of a
    currency before the period, in the display currency. with_one_off: whether one-off expenses are among the others.
    """
    if not before.count:
        return None
    usual, usual_before = (scope if with_one_off else scope.without_one_off() for scope in (now, before))
    one_off = (now.total() - usual.total()) - (before.total() - usual_before.total())
    changes = [_category_change(usual, usual_before, slug) for slug in now.categories]
    changes.append(CategoryDifference(ONE_OFF, one_off))
    strongest = sorted((each for each in changes if each.difference), key=lambda each: -abs(each.difference))
    return PeriodChange(
        before.months,
        until,
        now.total(),
        before.total(),
        tuple(strongest),
        _causes(usual, usual_before, reference, one_off),
    )


def _category_change(now: Scope, before: Scope, slug: str) -> CategoryDifference:
    difference, parts = now.category_total(slug) - before.category_total(slug), now.parts.get(slug, (slug,))
    if len(parts) == 1:
        return CategoryDifference(slug, difference)
    apart = [_apart(scope, parts) for scope in (now, before)]
    inside = [(part, apart[0].category_total(part) - apart[1].category_total(part)) for part in parts]
    return CategoryDifference(slug, difference, tuple((part, amount) for part, amount in inside if amount))


def _apart(scope: Scope, parts: tuple[str, ...]) -> Scope:
    """Return the scope with these stored categories instead of what adds them up."""
    return Scope(scope.figures, scope.months, parts, scope.currency)


def _causes(now: Scope, before: Scope, reference: Reference, one_off: Decimal) -> Causes:
    """Return the causes. What neither the number of expenses nor the rates explain is the price of an expense."""
    rates = _rates_moved(now, before, reference)
    at_same_rates = now.total() - (rates or ZERO)
    count, count_before = now.count, before.count
    more = count - count_before
    average = before.total() / count_before if count_before else ZERO
    number = quantize(more * average, now.currency) if count_before else at_same_rates
    each = at_same_rates / count - average if count and count_before else ZERO
    price = at_same_rates - before.total() - number
    return Causes(more, number, quantize(each, now.currency), price, one_off, rates)


def _rates_moved(now: Scope, before: Scope, reference: Reference) -> Decimal | None:
    """Return how much more the foreign spending costs than at the rates of the other period, None without any.

    The sum over foreign currencies c of value_c - amount_c * rate_c. amount_c is the spending of c in the selected
    categories, and value_c its value in the display currency. rate_c is the average rate of the other period, weighted
    by amount: sum of |value| / sum of |amount| over all spending of c. If c was not spent then, `reference` is the
    rate. If that has no rate either, c counts as unchanged.
    """
    flows: dict[str, Flow] = defaultdict(Flow)
    for month in now.months:
        for _, figures in now.of(month):
            for code, flow in figures.flows.items():
                flows[code] = flows[code].joined(flow)
    foreign = {code: flow for code, flow in flows.items() if code != now.currency}
    if not foreign:
        return None
    moved = ZERO
    for code, flow in foreign.items():
        rate = _average_rate(before, code) or reference(code)
        moved += flow.value - flow.amount * rate if rate else ZERO
    return quantize(moved, now.currency)


def _average_rate(scope: Scope, code: str) -> Decimal | None:
    """Return the average rate of a currency over all categories of the months."""
    every = [figures for month in scope.months for figures in scope.figures[month].categories.values()]
    flows = [figures.flows[code] for figures in every if code in figures.flows]
    amount = sum((flow.gross_amount for flow in flows), ZERO)
    return sum((flow.gross_value for flow in flows), ZERO) / amount if amount else None

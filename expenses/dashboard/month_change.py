"""Compare a month with the one before: the categories that changed, and the effect of exchange rates. Pure."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from expenses.dashboard.shape import Scope
from expenses.money import quantize
from expenses.months import add_months
from expenses.sums.figures import ZERO, Flow, MonthFigures

Reference = Callable[[str], Decimal | None]


@dataclass(frozen=True)
class RateEffect:
    """The two parts of a change: different spending, and different exchange rates. Their sum is the change."""

    spending: Decimal
    rates: Decimal


@dataclass(frozen=True)
class MonthChange:
    """The change of a month compared with the month before.

    by_category: (slug, difference) pairs, the largest first, without zeros. so_far: if the month is the current one,
    the spending of the month before up to the same day. rate: None if nothing was spent in foreign currencies.
    """

    month: date
    before: date
    amount: Decimal
    amount_before: Decimal
    by_category: tuple[tuple[str, Decimal], ...]
    so_far: Decimal | None
    rate: RateEffect | None

    @property
    def difference(self) -> Decimal:
        return self.amount - self.amount_before


def change_of_month(scope: Scope, today: date, reference: Reference) -> MonthChange | None:
    """Compare the last month shown with the one before it. None if nothing was spent in that one.

    reference(code): the value of one unit of a currency at the end of the month before, in the display currency.
    """
    month, before = scope.months[-1], add_months(scope.months[-1], -1)
    if not any(figures.count for _, figures in scope.of(before)):
        return None
    differences = [(slug, scope.cell(month, slug) - scope.cell(before, slug)) for slug in scope.categories]
    strongest = sorted((item for item in differences if item[1]), key=lambda item: -abs(item[1]))
    running = (today.year, today.month) == (month.year, month.month)
    so_far = sum((value for day, value in scope.day_totals(before).items() if day <= today.day), ZERO)
    result = MonthChange(
        month,
        before,
        scope.month_total(month),
        scope.month_total(before),
        tuple(strongest),
        so_far if running else None,
        rate=None,
    )
    moved = _rates_moved(scope, month, before, reference)
    if moved is None:
        return result
    moved = quantize(moved, scope.currency)
    return MonthChange(**{**vars(result), "rate": RateEffect(result.difference - moved, moved)})


def _rates_moved(scope: Scope, month: date, before: date, reference: Reference) -> Decimal | None:
    """Return how much more this month's foreign spending costs than at the rates of the month before, None without any.

    The sum over foreign currencies c of value_c - amount_c * rate_c. amount_c is this month's spending of c in the
    selected categories, and value_c its value in the display currency. rate_c is the average rate of the month before,
    weighted by amount: sum of |value| / sum of |amount| over all spending of c. If c was not spent then, `reference` is
    the rate. If that has no rate either, c counts as unchanged.
    """
    now: dict[str, Flow] = defaultdict(Flow)
    for _, figures in scope.of(month):
        for code, flow in figures.flows.items():
            now[code] = now[code].joined(flow)
    foreign = {code: flow for code, flow in now.items() if code != scope.currency}
    if not foreign:
        return None
    moved = ZERO
    for code, flow in foreign.items():
        rate = _average_rate(scope.figures[before], code) or reference(code)
        moved += flow.value - flow.amount * rate if rate else ZERO
    return moved


def _average_rate(figures: MonthFigures, code: str) -> Decimal | None:
    flows = [category.flows[code] for category in figures.categories.values() if code in category.flows]
    amount = sum((flow.gross_amount for flow in flows), ZERO)
    return sum((flow.gross_value for flow in flows), ZERO) / amount if amount else None

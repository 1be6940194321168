"""What a total of spending leaves out: the amounts that were only moved, and those that were received."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from classifier.categories import CASH, Kind
from expenses.money import quantize
from expenses.sums.figures import ZERO, Categories


@dataclass(frozen=True)
class Besides:
    """In the display currency. moved: with each pair once. cash: the withdrawn part of it. received: positive."""

    moved: Decimal
    cash: Decimal
    received: Decimal


def add_besides(months: Iterable[tuple[Categories, Categories]], currency: str) -> Besides:
    """Add up (moved, received) of each month. Each category of a month is rounded once, as in every total."""
    moved = cash = received = quantize(ZERO, currency)
    for moves, income in months:
        rounded = {slug: quantize(figures.once, currency) for slug, figures in moves.items()}
        moved += sum(rounded.values(), ZERO)
        cash += rounded.get(CASH, ZERO)
        received -= sum((figures.shown(currency) for figures in income.values()), ZERO)
    return Besides(moved, cash, received)


def besides_line(
    besides: Besides, money: Callable[[Decimal], str], url_of: Callable[[Kind], str]
) -> list[dict[str, Any]]:
    """Return the parts of the line under a total, each with the URL of its entries. Empty if nothing was left out."""
    line = []
    if besides.moved:
        text = _("%(amount)s moved, of which %(cash)s cash") if besides.cash else _("%(amount)s moved")
        text %= {"amount": money(besides.moved), "cash": money(besides.cash)}
        line.append({"text": text, "url": url_of(Kind.MOVED)})
    if besides.received:
        text = _("%(amount)s received") % {"amount": money(besides.received)}
        line.append({"text": text, "url": url_of(Kind.RECEIVED)})
    return line

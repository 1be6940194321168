"""What a total of spending leaves out: the amounts that were only moved, and those that were received."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypedDict

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from classifier.categories import CASH, Kind
from expenses.money import quantize
from expenses.sums.figures import ZERO, Categories


class LinePart(TypedDict):
    """A part of the line under a total, with the URL of its entries."""

    text: str
    url: str


@dataclass(frozen=True)
class Besides:
    """In the display currency. moved: with each pair once. cash: the withdrawn part of it. received: positive.

    moved_left_out, received_left_out: how many entries have no rate and aren't in these sums.
    """

    moved: Decimal
    cash: Decimal
    received: Decimal
    moved_left_out: int = 0
    received_left_out: int = 0

    def to_json(self) -> list[Any]:
        return [str(self.moved), str(self.cash), str(self.received), self.moved_left_out, self.received_left_out]

    @classmethod
    def from_json(cls, data: list[Any]) -> "Besides":
        moved, cash, received, *left_out = data
        return cls(Decimal(moved), Decimal(cash), Decimal(received), *left_out)


def add_besides(months: Iterable[tuple[Categories, Categories]], currency: str) -> Besides:
    """Add up (moved, received) of each month. Each category of a month is rounded once, as in every total."""
    moved = cash = received = quantize(ZERO, currency)
    moved_left_out = received_left_out = 0
    for moves, income in months:
        rounded = {slug: quantize(figures.once, currency) for slug, figures in moves.items()}
        moved += sum(rounded.values(), ZERO)
        cash += rounded.get(CASH, ZERO)
        received -= sum((figures.shown(currency) for figures in income.values()), ZERO)
        moved_left_out += _left_out(moves)
        received_left_out += _left_out(income)
    return Besides(moved, cash, received, moved_left_out, received_left_out)


def _left_out(categories: Categories) -> int:
    return sum(sum(figures.excluded.values()) for figures in categories.values())


def besides_line(besides: Besides, money: Callable[[Decimal], str], url_of: Callable[[Kind], str]) -> list[LinePart]:
    """Return the parts of the line under a total, each with the URL of its entries. Empty if nothing was left out."""
    line: list[LinePart] = []
    if besides.moved:
        text = _("%(amount)s moved, of which %(cash)s cash") if besides.cash else _("%(amount)s moved")
        text %= {"amount": money(besides.moved), "cash": money(besides.cash)}
        line.append({"text": text, "url": url_of(Kind.MOVED)})
    if besides.received:
        text = _("%(amount)s received") % {"amount": money(besides.received)}
        line.append({"text": text, "url": url_of(Kind.RECEIVED)})
    return [*line, *left_out_line(besides, url_of)]


def left_out_line(besides: Besides, url_of: Callable[[Kind], str]) -> list[LinePart]:
    """Return the parts that count the entries without a rate, each with their URL."""
    line: list[LinePart] = []
    if count := besides.moved_left_out:
        text = ngettext("%(n)d moved amount left out: no rate", "%(n)d moved amounts left out: no rate", count)
        line.append({"text": text % {"n": count}, "url": url_of(Kind.MOVED)})
    if count := besides.received_left_out:
        text = ngettext("%(n)d received amount left out: no rate", "%(n)d received amounts left out: no rate", count)
        line.append({"text": text % {"n": count}, "url": url_of(Kind.RECEIVED)})
    return line

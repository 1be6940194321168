"""What rows of a file add up to, by direction and currency."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import get_language, ngettext

from expenses import money
from expenses.statements.statement import Entry


class Total(NamedTuple):
    """The rows of one direction and currency. amount: positive in both directions, unless refunds outweigh the rest."""

    came_in: bool
    currency: str
    count: int
    amount: Decimal

    def reversed(self) -> "Total":
        """This total, to take it off another one."""
        return self._replace(count=-self.count, amount=-self.amount)


def totals_of(entries: Iterable[Entry]) -> tuple[Total, ...]:
    """Add up entries, the currency with most of them first."""
    return together(Total(entry.amount < 0, entry.currency, 1, abs(entry.amount)) for entry in entries)


def together(totals: Iterable[Total]) -> tuple[Total, ...]:
    """Add up totals, the currency with most rows first, without those that have none."""
    found: dict[tuple[bool, str], tuple[int, Decimal]] = {}
    for one in totals:
        count, amount = found.get(one[:2], (0, Decimal(0)))
        found[one[:2]] = count + one.count, amount + one.amount
    filled = [Total(*key, *sums) for key, sums in found.items() if sums[0]]
    return tuple(sorted(filled, key=lambda one: -one.count))


def totals_text(totals: Sequence[Total], moved: int | None = None) -> str:
    """Say totals, such as "42 expenses, ₪3,980; 3 came in, ₪9,400; 2 moved". "" if there are none.

    moved: how many rows only move money, which the totals leave out. None if the totals have rows of any kind.
    """
    spent, received = ([one for one in totals if one.came_in == came_in] for came_in in (False, True))
    count = sum(one.count for one in spent)
    text = (
        ngettext("%(n)d went out, %(amounts)s", "%(n)d went out, %(amounts)s", count)
        if moved is None
        else ngettext("%(n)d expense, %(amounts)s", "%(n)d expenses, %(amounts)s", count)
    )
    parts = [text % {"n": count, "amounts": _amounts(spent)}] if spent else []
    count = sum(one.count for one in received)
    text = ngettext("%(n)d came in, %(amounts)s", "%(n)d came in, %(amounts)s", count)
    parts += [text % {"n": count, "amounts": _amounts(received)}] if received else []
    parts += [ngettext("%(n)d moved", "%(n)d moved", moved) % {"n": moved}] if moved else []
    return "; ".join(parts)


def _amounts(totals: Iterable[Total]) -> str:
    return " + ".join(money.format_money(one.amount, one.currency, get_language()) for one in totals)

"""Totals among the movements, which have a day as if they were movements themselves."""

from collections.abc import Sequence
from decimal import Decimal

from expenses.statements.header_words import is_footer_text
from expenses.statements.statement import Entry

_LEAST = 2


def without_total(entries: Sequence[Entry]) -> list[Entry]:
    """The entries of a whole table without a total at its end or beginning: by its name, and the others' sum.

    A shop may have such a name, but not that amount.
    """
    total = sum((one.amount for one in entries), Decimal(0))
    for place in (-1, 0) if len(entries) > _LEAST else ():
        one = entries[place]
        if is_footer_text(one.title) and abs(total - one.amount) == abs(one.amount):
            return [*entries[:-1]] if place else [*entries[1:]]
    return [*entries]

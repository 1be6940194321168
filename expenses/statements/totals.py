"""Removes totals that look like movements because they have a date."""

from collections.abc import Sequence
from decimal import Decimal

from expenses.statements.header_words import is_footer_text
from expenses.statements.statement import Entry

_LEAST = 2


def without_total(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries without a total at either end. Its title and the sum of the others identify it.

    A shop may have such a name, but not that amount.
    """
    total = sum((one.amount for one in entries), Decimal(0))
    for place in (-1, 0) if len(entries) > _LEAST else ():
        one = entries[place]
        if is_footer_text(one.title) and abs(total - one.amount) == abs(one.amount):
            return [*entries[:-1]] if place else [*entries[1:]]
    return [*entries]

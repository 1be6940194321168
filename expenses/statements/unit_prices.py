"""Finds the columns with the price of one piece, beside how many there are and what they cost together."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import permutations

from expenses.statements.header_words import WHOLE_NAME, currency_named, rank_role
from expenses.statements.profile import Profile

_Numbers = Sequence[Decimal | None]
# By how much a sum may differ from what its rounded parts give: in money, and as a share.
_CENT, _SHARE = Decimal("0.01"), Decimal("0.002")


def unit_prices(profiles: Sequence[Profile], numbers: Mapping[int, _Numbers]) -> dict[int, int]:
    """The places of the columns that, times a quantity, are always another column, and its place.

    numbers: by place.
    """
    counts = [one.place for one in profiles if one.money and rank_role(one.header, "quantity") >= WHOLE_NAME]
    currencies = {one.place: currency_named(one.header, "") for one in profiles if one.money}
    return {
        place: other
        for count in counts
        for place, other in permutations([place for place in currencies if place != count], 2)
        if currencies[place] == currencies[other] and _are_products(numbers[place], numbers[count], numbers[other])
    }


def _are_products(prices: _Numbers, counts: _Numbers, sums: _Numbers) -> bool:
    """Whether each sum is a price times a quantity, which isn't always one."""
    rows = [(p, n, s) for p, n, s in zip(prices, counts, sums, strict=True) if p and n and s]
    return (
        len(rows) > 1
        and any(abs(n) != 1 for _p, n, _s in rows)
        and all(abs(abs(p * n) - abs(s)) <= _CENT + abs(s) * _SHARE for p, n, s in rows)
    )

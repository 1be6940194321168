"""Finds the columns of a table with fees that the bank added to an amount, and with the taxes on them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from expenses.statements.header_words import WHOLE_NAME, rank_role
from expenses.statements.notation import decimal_votes, read_number
from expenses.statements.plain_words import plain_header
from expenses.statements.profile import MOST, Profile

_Numbers = Sequence[Decimal | None]
# American Express names the commission that an amount paid abroad includes.
_ABROAD, _COMMISSION = "foreign spend amount", "commission"


def fee_places(free: Sequence[Profile]) -> tuple[int, ...]:
    """The columns named for fees, and for taxes if there are fees. "Amount (after fees)" and "Fee rate" are neither."""
    names = {plain_header(one.header) for one in free}
    filled = [one for one in free if one.money and one.numbers >= MOST and "%" not in one.header]
    if _ABROAD in names:
        filled = [one for one in filled if plain_header(one.header) != _COMMISSION]
    ranks = {one.place: _rank(plain_header(one.header)) for one in filled}
    others = {one.place: rank_role(one.header, "not spent", "amount 1") for one in filled}
    fees = [one for one in filled if ranks[one.place] > others[one.place] and not _is_rate(one.header)]
    taxes = [one for one in filled if one not in fees and rank_role(one.header, "tax")]
    taxes = [tax for tax in taxes if any(_is_tax_on(tax, fee) for fee in fees)]
    return tuple(one.place for one in filled if one in fees or one in taxes)


def net_amounts(profiles: Sequence[Profile], numbers: Mapping[int, _Numbers]) -> set[int]:
    """The places of the columns that are always another one with the fee beside them. numbers: by place.

    Only fees with minuses show it: others may add to what was spent, or be part of what was received. The other column
    must be named for amounts, as only then its fees are rows of their own.
    """
    filled = [one for one in profiles if one.money]
    fees = [place for place in fee_places(filled) if any(number and number < 0 for number in numbers[place])]
    named = [one.place for one in filled if rank_role(one.header, "amount 1")]
    pairs = [(fee, place) for fee in fees for place in named if place != fee]
    sums = {(fee, place): _sum_of(numbers[fee], numbers[place]) for fee, place in pairs}
    return {
        one.place
        for one in filled
        for pair, both in sums.items()
        if one.place not in pair and both == numbers[one.place]
    }


def _sum_of(one: _Numbers, other: _Numbers) -> list[Decimal]:
    return [(a or Decimal(0)) + (b or Decimal(0)) for a, b in zip(one, other, strict=True)]


def _rank(name: str) -> int:
    """How well a header names fees. "Charges" counts only by itself: a "conversion charge" is part of the amount."""
    alone = rank_role(name, "fee 2")
    return max(rank_role(name, "fee"), alone if alone >= WHOLE_NAME else 0)


def _is_rate(header: str) -> bool:
    return plain_header(header).endswith((" rate", " type", " count"))


def _is_tax_on(tax: Profile, fee: Profile) -> bool:
    """Whether a tax is on the fee: never without it and never more. A purchase's tax is part of its amount."""
    pairs = [(_size(one), _size(other)) for one, other in zip(tax.cells, fee.cells, strict=True)]
    return all(one <= other for one, other in pairs)


def _size(cell: str) -> Decimal:
    return abs(read_number(cell, decimal_votes(cell) or ".") or Decimal(0))


def extra_fees(
    fees: Mapping[int, _Numbers], amounts: _Numbers, others: Sequence[_Numbers], *, sign: int
) -> tuple[int, ...]:
    """The columns of fees that are not part of the amount, without columns that add up the others.

    amounts: of the rows with a fee. others: further columns with numbers. If one of them is the amount without a fee,
    this fee is accounted for. sign: 1 if a plus came in, -1 if it was spent, 0 if amounts don't say.
    """
    single = dict(fees)
    for place, numbers in fees.items():
        rest = [other for other_place, other in single.items() if other_place != place]
        if rest and numbers == _added(rest):
            del single[place]
    total = _added([*single.values()])
    if any(_is_net(amounts, total, other, sign) for other in others):
        return ()
    return tuple(
        place
        for place, numbers in single.items()
        if not any(_is_net(amounts, numbers, other, sign) for other in others)
    )


def _added(columns: Sequence[_Numbers]) -> list[Decimal]:
    return [sum((abs(one) for one in row if one), Decimal(0)) for row in zip(*columns, strict=True)]


def _is_net(amounts: _Numbers, fees: _Numbers, others: _Numbers, sign: int) -> bool:
    """Whether the amount is always another one with the fee: less came in, or more was spent.

    The amounts may have signs that the others lack.
    """
    trios = [(a, f, s) for a, f, s in zip(amounts, fees, others, strict=True) if a and f and s]
    are_sizes = all(s > 0 for _a, _f, s in trios) and any(a < 0 for a, _f, _s in trios)
    return bool(trios) and all(
        a == s - sign * f
        or (not sign and abs(a) in (abs(s + f), abs(s - f)))
        or (are_sizes and abs(a) == (s - f if a * sign > 0 else s + f))
        for a, f, s in trios
    )

"""Running balances, which prove row by row what came in and what was spent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise, permutations

# The share of rows that must fit.
_MOST = 0.6
# Columns of which each is compared with each, as many as may be amounts.
_MOST_COLUMNS = 10
_NONE = Decimal(0)
Numbers = Sequence[Decimal | None]


@dataclass(frozen=True)
class Chain:
    """How amounts lead from one balance to the next.

    newest_first: the order in which the balances are compared. sign: 1 if a plus came in, -1 if a plus was spent, 0 if
    amounts have no usable sign. share: the share of rows that fit. count: their number. is_before: whether the balances
    are those before each movement, which gives the same differences as balances after it in the opposite order.
    """

    newest_first: bool
    sign: int
    share: float
    count: int
    is_before: bool = False


def find_chain(amounts: Numbers, balances: Numbers, is_newest_first: bool | None = None) -> Chain | None:
    """How `balances` follow from `amounts`, both in the order of the file; None if they don't.

    is_newest_first: the order of the rows by their dates; None if it is unknown.
    """
    best: Chain | None = None
    for newest_first in (False, True):
        came = money_in(balances, newest_first)
        pairs = [(change, one or 0) for change, one in zip(came, amounts, strict=True) if change]
        for sign in (1, -1, 0):
            fits = sum((abs(change) == abs(one)) if sign == 0 else change == sign * one for change, one in pairs)
            share = fits / len(pairs) if pairs else 0
            if fits and share >= _MOST and (best is None or share > best.share):
                best = Chain(newest_first, sign, share, fits)
    if best and _is_before(best, amounts, balances, is_newest_first):
        return replace(best, sign=-best.sign, is_before=True)
    return best


def _is_before(chain: Chain, amounts: Numbers, balances: Numbers, is_newest_first: bool | None) -> bool:
    """Whether the balances are those before each movement: their order is not that of the dates."""
    if is_newest_first is None:
        return chain.sign == -1 and any(one and one < 0 for one in amounts)
    is_other = chain.newest_first != is_newest_first and not _begins_empty(chain, amounts, balances)
    return is_other and (chain.sign < 1 or (chain.share == 1 and chain.count > 1))


def _begins_empty(chain: Chain, amounts: Numbers, balances: Numbers) -> bool:
    """Whether the first balance is the first amount, so that it follows it, whatever the dates say."""
    first = -1 if chain.newest_first else 0
    return bool(amounts[first]) and balances[first] == (chain.sign or 1) * (amounts[first] or _NONE)


def before_and_after(
    columns: Mapping[int, Numbers], amounts: Numbers, is_newest_first: bool | None
) -> tuple[int, int] | None:
    """The columns with the balances before and after each movement: each row has one of the next row's.

    columns: numbers by place. amounts: of the same rows. None if there are no such columns, or the order is unknown.
    """
    if is_newest_first is None:
        return None
    for (place, numbers), (other, theirs) in permutations([*columns.items()][:_MOST_COLUMNS], 2):
        pairs = pairwise(zip(numbers, theirs, strict=True))
        fits = [one[0] == two[1] for one, two in pairs if one[0] is not None and two[1] is not None]
        rows = zip(numbers, theirs, amounts, strict=True)
        same = [
            abs(one - two) == abs(amount) for one, two, amount in rows if amount and one is not None and two is not None
        ]
        if len(fits) > 1 and sum(fits) >= len(fits) * _MOST and sum(same) >= len(same) * _MOST:
            return (place, other) if is_newest_first else (other, place)
    return None


def net(out: Numbers, came: Numbers) -> list[Decimal | None]:
    """What came in with each row, from a column for each direction; None for a row with neither."""
    pairs = zip(out, came, strict=True)
    return [abs(two or _NONE) - abs(one or _NONE) if one or two else None for one, two in pairs]


def widest(gaps: Sequence[Decimal]) -> Decimal | None:
    """The gap of a file with several accounts: the largest of theirs; None if they state no balances."""
    return max(gaps, key=abs, default=None)


def money_in(balances: Numbers, newest_first: bool) -> list[Decimal | None]:
    """What came in with each row, negative for money spent; None where the balance before is unknown."""
    ordered = list(reversed(balances)) if newest_first else list(balances)
    changes: list[Decimal | None] = []
    before: Decimal | None = None
    for balance in ordered:
        changes.append(None if before is None or balance is None else balance - before)
        before = balance if balance is not None else before
    return changes[::-1] if newest_first else changes

"""Guesses the sign of money spent in a column of amounts."""

from collections import Counter
from collections.abc import Iterable, Sequence

from expenses.statements.header_words import RECEIVING, SPENDING, plain_header
from expenses.statements.notation import is_negative, is_zero
from expenses.statements.statement import Column, Sign

# Up to this share of the rows, minuses may be refunds and words may be chance.
_FEW = 0.2


def guess_sign(rows: Sequence[tuple[str, ...]], columns: dict[Column, int]) -> Sign:
    """Guess the sign from words in the rows (Sale, Refund) if they agree, else from the share of minuses."""
    if Column.AMOUNT not in columns:
        return Sign.SPENT_IS_POSITIVE
    at = columns[Column.AMOUNT]
    filled = [row for row in rows if not is_zero(row[at])]
    used = {place for column, place in columns.items() if column != Column.CATEGORY}
    votes = Counter(
        Sign.SPENT_IS_NEGATIVE if is_negative(row[at]) == is_spending else Sign.SPENT_IS_POSITIVE
        for row in filled
        if (is_spending := _says_spending(cell for place, cell in enumerate(row) if place not in used)) is not None
    )
    for sign, count in votes.most_common(1):
        if votes.total() > len(filled) * _FEW and count >= votes.total() * (1 - _FEW):
            return sign
    return _mostly_spent([row[at] for row in filled])


def _says_spending(cells: Iterable[str]) -> bool | None:
    """Whether a row's words say spent (True) or received (False); None if they say neither or both."""
    words = {plain_header(cell) for cell in cells}
    is_spending, is_receiving = not words.isdisjoint(SPENDING), not words.isdisjoint(RECEIVING)
    return None if is_spending == is_receiving else is_spending


def _mostly_spent(amounts: Sequence[str]) -> Sign:
    """Guess the sign from minuses: normally they mark spending, but only a few of them are a card's refunds.

    One minus beside two amounts without counts as few.
    """
    few = max(1, len(amounts) * _FEW) if len(amounts) > 2 else 0
    return Sign.SPENT_IS_NEGATIVE if sum(map(is_negative, amounts)) > few else Sign.SPENT_IS_POSITIVE

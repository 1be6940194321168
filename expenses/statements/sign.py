"""Which sign a column of amounts gives to money that was spent."""

from collections import Counter
from collections.abc import Iterable, Sequence

from expenses.statements.header_words import RECEIVING, SPENDING, plain_header
from expenses.statements.notation import is_negative, is_zero
from expenses.statements.statement import Column, Sign

# The share of rows up to which minuses may be refunds, and words chance.
_FEW = 0.2


def guess_sign(rows: Sequence[tuple[str, ...]], columns: dict[Column, int]) -> Sign:
    """As the rows' own words have it (Sale, Refund), where they agree; else by how many amounts have a minus."""
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
    """Whether a row says that money was spent, or that it came in; None if it says neither or both."""
    words = {plain_header(cell) for cell in cells}
    is_spending, is_receiving = not words.isdisjoint(SPENDING), not words.isdisjoint(RECEIVING)
    return None if is_spending == is_receiving else is_spending


def _mostly_spent(amounts: Sequence[str]) -> Sign:
    """Who writes a minus writes it for what was spent, though more may have come in; only a few are a card's refunds,
    such as one beside two rows without."""
    few = max(1, len(amounts) * _FEW) if len(amounts) > 2 else 0
    return Sign.SPENT_IS_NEGATIVE if sum(map(is_negative, amounts)) > few else Sign.SPENT_IS_POSITIVE

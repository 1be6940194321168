"""Weighs the evidence for the sign of money spent in a column of amounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from expenses.statements.balances import Chain
from expenses.statements.directions import came_in, row_says, went_out, word_places
from expenses.statements.flags import find_flags, flag_text
from expenses.statements.header_words import rank_role
from expenses.statements.notation import credit_or_debit, is_negative, is_zero
from expenses.statements.statement import Column, Sign

# Up to this share of the rows, minuses may be refunds and words may be chance.
_FEW = 0.2
_BALANCE, _FLAGS, _WORDS, _FEW_WORDS, _TITLE, _FEES = 4.0, 6.0, 4.0, 1.5, 1.5, 5.0
# Amounts that have either sign.
_PLUSES = 1.5
_MOST_TITLES = 3.0
# How many marks there are if only amounts of one direction have one: CR and none.
_ONE_MARKED = 2
# Evidence that weighs less than this is balanced.
_SURE = 1.0


@dataclass(frozen=True)
class SignGuess:
    """The sign of money spent. is_sure: whether the evidence for it outweighs the evidence against it."""

    sign: Sign
    is_sure: bool


def guess_sign(
    header: Sequence[str],
    rows: Sequence[tuple[str, ...]],
    columns: Mapping[Column, int],
    chain: Chain | None = None,
) -> SignGuess:
    """Weigh running balance, flags, words and the share of minuses. chain: how the amounts lead to the balances."""
    if Column.AMOUNT not in columns:
        return SignGuess(Sign.SPENT_IS_POSITIVE, True)
    at = columns[Column.AMOUNT]
    filled = [row for row in rows if not is_zero(row[at])]
    marks = {credit_or_debit(row[at])[1] for row in filled}
    if len(marks) == _ONE_MARKED and "" in marks and not any(is_negative(row[at]) for row in filled):
        return SignGuess(Sign.SPENT_IS_POSITIVE if "CR" in marks else Sign.SPENT_IS_NEGATIVE, True)
    minuses = [is_negative(row[at]) for row in filled]
    kept = (Column.DATE, Column.TITLE, Column.AMOUNT, Column.CURRENCY)
    used = {columns[column] for column in kept if column in columns}
    free = [place for place in range(len(header)) if place not in used]
    evidence = _from_minuses(minuses)
    if any(minuses) and all("+" in row[at] for row, minus in zip(filled, minuses, strict=True) if not minus):
        evidence += _PLUSES * (not all(minuses))
    if any(minuses):
        evidence += _BALANCE * chain.sign * chain.share if chain else 0
        evidence += _from_flags(header, filled, free, minuses)
        evidence += _from_fees(header, rows, free)
    words = word_places(header, filled, free)
    said = [row_says(row, words) for row in filled]
    evidence += _from_words(said, minuses)
    if Column.TITLE in columns:
        titles = [row[columns[Column.TITLE]] for row in filled]
        unsaid = {(title, minus) for title, minus, word in zip(titles, minuses, said, strict=True) if word is None}
        votes = sum(_vote(title, minus) for title, minus in unsaid)
        is_mixed = any(minuses) and not all(minuses)
        if is_mixed or abs(votes) * 2 > len(filled):  # a few titles don't turn all other rows if all have one sign
            evidence += max(-_MOST_TITLES, min(_MOST_TITLES, votes * _TITLE))
    sign = Sign.SPENT_IS_NEGATIVE if evidence > 0 else Sign.SPENT_IS_POSITIVE
    return SignGuess(sign, abs(evidence) >= _SURE or not any(minuses))


def _vote(title: str, minus: bool) -> int:
    """1 if a title speaks for a minus being spending, -1 for the opposite, 0 if it says nothing."""
    if came_in(title):
        return -1 if minus else 1
    return (1 if minus else -1) * went_out(title)


def _from_minuses(minuses: Sequence[bool]) -> float:
    """Evidence that a minus is spending, below zero for the opposite.

    Normally minuses mark spending, but a few of them are a card's refunds. One beside two amounts without is few.
    """
    count = sum(minuses)
    if not count:
        return -2
    few = max(1, len(minuses) * _FEW) if len(minuses) > 2 else 0
    if count <= few:
        return -1.5
    return 2.5 if count * 2 > len(minuses) else 0.5


def _from_flags(
    header: Sequence[str], rows: Sequence[tuple[str, ...]], free: Sequence[int], minuses: Sequence[bool]
) -> float:
    found = find_flags(header, rows, free, are_signed=True)
    if not found or all(minuses):
        return 0
    place, says = found
    said = [(says(flag_text(row[place])), minus) for row, minus in zip(rows, minuses, strict=True)]
    votes = [1 if flag == minus else -1 for flag, minus in said if flag is not None]
    if len({flag for flag, _minus in said} - {None}) < 2:
        return 0
    return _FLAGS * sum(votes) / len(votes)


def _from_fees(header: Sequence[str], rows: Sequence[tuple[str, ...]], free: Sequence[int]) -> float:
    """Evidence that a minus is spending from a column of fees, most of which have one."""
    fees = [row[at] for at in free if rank_role(header[at], "fee") for row in rows if not is_zero(row[at])]
    return _FEES if len(fees) > 1 and sum(map(is_negative, fees)) * 2 > len(fees) else 0


def _from_words(said: Sequence[bool | None], minuses: Sequence[bool]) -> float:
    """Evidence from words such as Sale and Refund. They count little if only a few rows have any."""
    pairs = zip(said, minuses, strict=True)
    votes = [1 if spent == minus else -1 for spent, minus in pairs if spent is not None]
    if not votes:
        return 0
    return (_WORDS if len(votes) > len(said) * _FEW else _FEW_WORDS) * sum(votes) / len(votes)

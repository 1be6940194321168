"""Finds the column of booking dates, which pending rows leave empty."""

from collections.abc import Sequence

from expenses.statements.days import looks_like_day
from expenses.statements.header_words import WHOLE_NAME, rank_role
from expenses.statements.profile import Profile

# Beyond this share, rows without a booking date say nothing.
_FEW = 0.4


def posted_place(profiles: Sequence[Profile], used: int | None) -> int | None:
    """The column with the booking dates if only the rows at one end of the table, the newest ones, lack them.

    used: the column with the days that are used, of which no row lacks one.
    """
    if used is None or "" in profiles[used].cells:
        return None
    for one in profiles:
        if one.place != used and rank_role(one.header, "posted") >= WHOLE_NAME and _lacks_newest(one):
            return one.place
    return None


def _lacks_newest(one: Profile) -> bool:
    gaps = [not cell for cell in one.cells]
    count = sum(gaps)
    if not 0 < count <= len(gaps) * _FEW or not all(map(looks_like_day, one.filled)):
        return False
    return all(gaps[:count]) or all(gaps[-count:])

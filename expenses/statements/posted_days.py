"""Finds the column of booking dates, which pending rows leave empty."""

from collections.abc import Sequence

from expenses.statements.days import looks_like_day
from expenses.statements.header_words import WHOLE_NAME, rank_role
from expenses.statements.profile import Profile

# Beyond this share, rows without a booking date say nothing.
_FEW = 0.4


def posted_place(profiles: Sequence[Profile], used: int | None) -> int | None:
    """The column with the booking dates if only the rows at one end of the table, the newest ones, lack them.

    used: the column with the days that are used. Rows without a day are no movements.
    """
    if used is None:
        return None
    rows = [at for at, cell in enumerate(profiles[used].cells) if looks_like_day(cell)]
    for one in profiles:
        if one.place != used and rank_role(one.header, "posted") >= WHOLE_NAME and _lacks_newest(one, rows):
            return one.place
    return None


def _lacks_newest(one: Profile, rows: Sequence[int]) -> bool:
    """Whether only the newest rows have no day. rows: the indexes of the movements."""
    cells = [one.cells[at] for at in rows]
    gaps = [not cell for cell in cells]
    count = sum(gaps)
    if not 0 < count <= len(gaps) * _FEW or not all(map(looks_like_day, filter(None, cells))):
        return False
    return all(gaps[:count]) or all(gaps[-count:])

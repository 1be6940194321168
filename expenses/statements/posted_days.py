"""Finds the column of booking dates or of balances, which pending rows leave empty."""

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
        cells = [one.cells[at] for at in rows]
        is_posted = one.place != used and rank_role(one.header, "posted") >= WHOLE_NAME
        if is_posted and all(map(looks_like_day, filter(None, cells))) and any(_lack_newest(cells)):
            return one.place
    return None


def lacks_newest_balances(balances: Sequence[str], days: Sequence[str], *, is_newest_first: bool) -> bool:
    """Whether only the newest rows have no balance, because they are pending. days: of the same rows."""
    cells = [cell for cell, day in zip(balances, days, strict=True) if looks_like_day(day)]
    return _lack_newest(cells)[0 if is_newest_first else 1]


def _lack_newest(cells: Sequence[str]) -> tuple[bool, bool]:
    """Whether only the first cells are empty, and whether only the last ones are."""
    gaps = [not cell for cell in cells]
    count = sum(gaps)
    if not 0 < count <= len(gaps) * _FEW:
        return False, False
    return all(gaps[:count]), all(gaps[-count:])

"""Finds who paid in each row of a table, and the owner's name among them."""

from collections import Counter
from collections.abc import Callable, Sequence

from expenses.statements.header_words import WHOLE_NAME, rank_role
from expenses.statements.notation import is_negative, is_zero
from expenses.statements.profile import MOST, Profile
from expenses.statements.statement import Sign

# In more rows, a name that each has is the owner's.
_FEW_ROWS = 2


def payer_place(free: Sequence[Profile], title: Profile | None) -> int | None:
    """The index of the column of those who paid; None if there is none. title: the column of titles."""
    named = best_named(free, "payer", _tells)
    if named is not None or title is None or rank_role(title.header, "title 1") < WHOLE_NAME:
        return named
    return best_named(free, "payer 2", _tells)


def owner_name(title: Profile | None, payer: Profile | None, amount: Profile | None, sign: Sign | None) -> str:
    """The name of the account's owner, who is on either side of each movement; "" if the columns don't tell it.

    sign: of what was spent; None if all that the amounts have was spent.
    """
    return _owner(title, payer) or _spender(payer, amount, sign)


def names_either_side(title: Profile | None, payer: Profile | None, amount: Profile | None, sign: Sign) -> bool:
    """Whether a column of payers has the other side's name where money was spent too, and no column names payees."""
    if not payer or not amount or (title and rank_role(title.header, "title 1")):
        return False
    names = _names_of_spent(payer, amount, sign)
    return len(names) == names.total() >= _FEW_ROWS


def best_named(free: Sequence[Profile], role: str, fits: Callable[[Profile], bool]) -> int | None:
    """The column whose whole name has a role, among those that fit; None if there is none."""
    ranks = {one.place: rank_role(one.header, role) for one in free if one.filled and fits(one)}
    place = max(ranks, key=lambda place: ranks[place], default=None)
    return place if place is not None and ranks[place] >= WHOLE_NAME else None


def _tells(one: Profile) -> bool:
    return one.telling > 0


def _owner(title: Profile | None, payer: Profile | None) -> str:
    """The name that is in one of two columns in most rows that have both, and in either; "" if there is none."""
    pairs = [pair for pair in zip(title.cells, payer.cells, strict=True) if all(pair)] if title and payer else []
    names = Counter(name for pair in pairs for name in set(pair))
    both = {one for one, _other in pairs} & {other for _one, other in pairs}
    name, count = max(((name, names[name]) for name in both), key=lambda found: found[1], default=("", 0))
    return name if len(pairs) > _FEW_ROWS and count > len(pairs) * MOST else ""


def _spender(payer: Profile | None, amount: Profile | None, sign: Sign | None) -> str:
    """The name in the column of payers of most rows with money spent; "" if there is none."""
    if not payer or not amount:
        return ""
    names = _names_of_spent(payer, amount, sign)
    name, count = names.most_common(1)[0] if names else ("", 0)
    return name if count > _FEW_ROWS and count > names.total() * MOST else ""


def _names_of_spent(payer: Profile, amount: Profile, sign: Sign | None) -> Counter[str]:
    """The names in the rows of amounts that were spent, and how often they occur."""
    ways = (True, False) if sign is None else (sign == Sign.SPENT_IS_NEGATIVE,)
    rows = zip(payer.cells, amount.cells, strict=True)
    return Counter(name for name, cell in rows if name and not is_zero(cell) and is_negative(cell) in ways)

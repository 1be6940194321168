"""Columns whose cells say of each amount whether it was spent or received: D/C, Soll/Haben, 支/收, +/-."""

from collections import Counter
from collections.abc import Callable, Sequence

from expenses.statements.header_words import rank_role
from expenses.statements.plain_words import plain_header
from expenses.statements.vocabulary import CELLS, FLAG_PAIRS, is_exactly

# More different words than these are no flags.
_MOST_WORDS = 8
# Letters of marks that stand alone.
_OUT_MARKS, _IN_MARKS = ("d", "s", "-"), ("c", "h", "+")
# How WeChat marks a row that is neither spent nor received.
_NEITHER = "/"
# True for spent, False for received, None if the cell says neither.
Flag = Callable[[str], bool | None]


def find_flags(
    header: Sequence[str], rows: Sequence[Sequence[str]], free: Sequence[int], *, are_signed: bool
) -> tuple[int, Flag] | None:
    """The index of the column of flags, and what its cells say; None if there is none.

    A column that is named for them comes first, then one that says both (a type that is always K says nothing), then
    the one that flags most of the rows. are_signed: whether amounts have a minus, so that a mark in some rows may mean
    something else.
    """
    best: tuple[tuple[bool, int, float], int, Flag] | None = None
    for place in free:
        cells = Counter(flag_text(row[place]) for row in rows)
        is_named = rank_role(header[place], "kind") > 0
        if len(cells) > (_MOST_WORDS if is_named else _MOST_WORDS // 2) or not rows:
            continue
        may_be_sparse = not are_signed and not rank_role(header[place], "status")
        for says in (_by_words, *_pairs_in(cells, is_named), *(_sparse(cells) if may_be_sparse else ())):
            share = sum(count for cell, count in cells.items() if says(cell) is not None) / len(rows)
            ways = {says(cell) for cell in cells} - {None}
            rank = is_named, len(ways), share
            if share > 0.5 and (is_named or len(ways) > 1) and (best is None or rank > best[0]):
                best = rank, place, says
    return best and best[1:]


def flag_text(cell: str) -> str:
    """A flag in plain form. A sign stays a sign."""
    bare = cell.strip()
    return bare if bare in ("+", "-") else plain_header(bare)


def is_neutral(cell: str) -> bool:
    """Whether a flag says neither spent nor received, because the person only moves money: 不计收支, 中性交易, "/"."""
    return cell.strip() == _NEITHER or is_exactly(cell, "neutral")


def _by_words(cell: str) -> bool | None:
    """What a cell says, in one language or in several: "Dr", "借 Dr"."""
    out, came = CELLS["out"], CELLS["in"]
    words = [cell] if cell in out or cell in came else cell.split(" ")
    said = [word in out for word in words if word in out or word in came]
    return said[0] if said and len(said) == len(words) and len(set(said)) == 1 else None


def _pairs_in(cells: Counter[str], is_named: bool) -> list[Flag]:
    """The pairs of letters that occur: both of them, or one of them in a column that is named like flags."""
    both = [pair for pair in FLAG_PAIRS if cells[pair[0]] and cells[pair[1]]]
    one = [pair for pair in FLAG_PAIRS if is_named and (cells[pair[0]] or cells[pair[1]])]
    return [_flag_of(pair) for pair in both or one]


def _sparse(cells: Counter[str]) -> list[Flag]:
    """The flag of a column that marks only some rows, such as those with CR: the other rows are the other way."""
    marks = [cell for cell in cells if cell]
    if len(marks) != 1 or not cells[""]:
        return []
    is_out = marks[0] in _OUT_MARKS or marks[0] in CELLS["out"]
    if not is_out and marks[0] not in _IN_MARKS and marks[0] not in CELLS["in"]:
        return []
    return [lambda cell: is_out if cell else not is_out]


def _flag_of(pair: tuple[str, str]) -> Flag:
    return lambda cell: None if cell not in pair else cell == pair[0]

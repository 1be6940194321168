"""Long files of movements: they are cut into parts, of which a request reads only as many as it has time for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from expenses.statements.size_limits import check_rows, too_large
from expenses.statements.statement import MAX_ROWS

# Movements of a part, and its characters. XML has the most of them.
MOST_IN_A_PART = 4_000
_LENGTH, _LONGEST = 1_000_000, 3_000_000


@dataclass(frozen=True)
class LongFile:
    """A file with more movements than are read at once.

    kind: which of the `part_readers` reads it. texts: its parts, each with whole movements. start: the values of the
    reader before the first part, with what only the whole file tells, as JSON can hold them. accounts: those that the
    file names. format: what the file is, as of `files.read_file`.
    """

    kind: str
    texts: tuple[str, ...]
    start: dict[str, Any]
    accounts: frozenset[str] = frozenset()
    format: str = ""


def is_long(starts: Sequence[int]) -> bool:
    """Whether a file whose movements start at these places is long. Raises StatementError if it is too long."""
    check_rows(len(starts), MAX_ROWS)
    return len(starts) > MOST_IN_A_PART


def starts_of(pattern: re.Pattern[str], text: str) -> list[int]:
    return [found.start() for found in pattern.finditer(text)]


def places_to_cut(text: str, starts: Sequence[int]) -> list[int]:
    """The places at which parts begin and end, from 0 to the end of the text. Raises StatementError if one is too long.

    starts: where movements start.
    """
    places, movements = [0], 0
    for start in starts:
        if movements and (movements == MOST_IN_A_PART or start - places[-1] > _LENGTH):
            places.append(start)
            movements = 0
        movements += 1
    places.append(len(text))
    if any(end - start > _LONGEST for start, end in pairwise(places)):
        raise too_large()
    return places


def cut_text(text: str, starts: Sequence[int]) -> tuple[str, ...]:
    """The parts of a text."""
    places = places_to_cut(text, starts)
    return tuple(text[start:end] for start, end in pairwise(places))

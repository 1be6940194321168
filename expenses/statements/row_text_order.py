"""Orders the columns of texts by which of them a row's title is taken from."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from expenses.statements.header_words import WHOLE_NAME, rank_columns, rank_role
from expenses.statements.profile import Profile
from expenses.statements.statement import Column
from expenses.statements.title_columns import MOST_KINDS, REPEATED

# Titles and notes are made of at most this many further columns.
MOST_NOTES = 4
# Of the rows without a title, those without what a column says instead.
_MOST_EMPTY = 0.5


@dataclass(frozen=True)
class Texts:
    """The columns of texts of a table.

    by_place: all columns. used: those of the mapping. ordered: the columns of texts, those likely to name merchants
    first. likely: those likely enough. silent: those that say nothing about a movement, such as the own account.
    """

    by_place: Mapping[int, Profile]
    used: Mapping[Column, int]
    ordered: Sequence[int]
    likely: Sequence[int]
    silent: Collection[int | None]

    def titles(self) -> tuple[int, ...]:
        """The columns that may name the merchant, the best first; the note is the last of them."""
        likely = [place for place in self.likely if place not in self._types]
        further = [place for place in likely if place not in self.note]
        return (*self._first, *dict.fromkeys((*further, *self._complements(), *likely)))

    def instead(self) -> tuple[int, ...]:
        """The columns that name a movement if no title does."""
        others = [place for place in self._others if place not in self.last()]
        described = [place for place in others if self._is_named(place)]
        unknown = [place for place in others if place not in described]
        category = [self.used[Column.CATEGORY]] if Column.CATEGORY in self.used else []
        return (*self.note, *described, *self._types, *category, *unknown[:MOST_NOTES])

    def last(self) -> tuple[int, ...]:
        """The columns with texts that say nothing about a movement: equal in nearly all rows, or places."""
        return tuple(place for place in self._others if place in self.silent or self._says_nothing(place))

    @cached_property
    def note(self) -> list[int]:
        return [self.used[Column.NOTE]] if Column.NOTE in self.used else []

    @property
    def _first(self) -> list[int]:
        return [self.used[Column.TITLE]] if Column.TITLE in self.used else []

    @cached_property
    def _types(self) -> list[int]:
        """The columns that say what kind of movement it is, and the likely ones of unknown texts that repeat."""
        possible = [place for place in self.ordered if place not in (*self._first, *self.note)]
        types = [place for place in possible if rank_role(self.by_place[place].header, "kind") >= WHOLE_NAME]
        repeating = [
            place for place in possible if place in self.likely and place not in types and self._repeats(place)
        ]
        return [*types, *repeating]

    @cached_property
    def _others(self) -> list[int]:
        used = (*self._first, *self.note, *self._types, self.used.get(Column.CATEGORY))
        return [place for place in self.ordered if place not in self.likely and place not in used]

    def _is_named(self, place: int) -> bool:
        one = self.by_place[place]
        return rank_columns(one.header, Column.TITLE) > 0 and not one.are_references

    def _repeats(self, place: int) -> bool:
        one = self.by_place[place]
        is_unknown = not self._is_named(place) and not rank_columns(one.header, Column.NOTE)
        return bool(one.header) and is_unknown and one.distinct < MOST_KINDS

    def _says_nothing(self, place: int) -> bool:
        one = self.by_place[place]
        return one.repeated >= REPEATED or rank_role(one.header, "address") >= WHOLE_NAME

    def _complements(self) -> list[int]:
        """The columns of unknown texts that are different, exactly in rows without a title, and in most of these."""
        gaps = [not cell for cell in self.by_place[self._first[0]].cells] if self._first else []
        found = []
        for one in (self.by_place[place] for place in self.ordered if gaps):
            filled = [bool(cell) for cell in one.cells]
            is_named = rank_columns(one.header, Column.TITLE) or rank_columns(one.header, Column.NOTE)
            is_beside = any(has and not gap for has, gap in zip(filled, gaps, strict=True))
            are_most = sum(filled) > max(1, sum(gaps) * (1 - _MOST_EMPTY))
            if not is_named and not is_beside and are_most and one.distinct == one.telling == 1:
                found.append(one.place)
        return found

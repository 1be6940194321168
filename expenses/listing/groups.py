"""What the inbox asks next: groups of expenses that are alike, the one whose answer settles most first.

A group is an expense with all that are like it by the memory's likeness. What is like nothing else comes after the
groups, newest first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from bson import ObjectId

from classifier import recall
from classifier.likeness import ALIKE, Likeness
from classifier.personal import PersonalMemory
from expenses.ledger.rows_of_changes import CHUNK
from expenses.ledger.similar_waiting import without_contradicted
from expenses.ledger.waiting_texts import Waiting, WaitingText
from expenses.models.ledger import Ledger

# Groups that are compared at most to find the one with the largest effect.
_MOST_COMPARED = 40
_SKIPPED = "~"


class Rank(NamedTuple):
    """The order of groups, the largest first. effect: what the others weigh that the answer settles. first: an id."""

    effect: float
    first: str

    @classmethod
    def of_cursor(cls, after: str) -> "Rank | None":
        """Read the output of `cursor`. None for anything else."""
        effect, separator, first = after.partition(_SKIPPED)
        try:
            return cls(float(effect), first) if separator and ObjectId.is_valid(first) else None
        except ValueError:
            return None

    def cursor(self) -> str:
        """Return a text for the URL of what comes after this group."""
        return f"{self.effect}{_SKIPPED}{self.first}"


@dataclass(frozen=True)
class Group:
    """Expenses to ask about together. ids: the one that is asked about, then those like it, at most 250 together."""

    ids: list[ObjectId]
    rank: Rank


def next_groups(ledger: Ledger, waiting: Waiting, after: str, count: int) -> list[Group]:
    """Return the next groups of two or more, without common expenses. after: cursor of the last skipped group."""
    limit = Rank.of_cursor(after)
    texts = waiting.texts
    weights = np.array([each.weight for each in texts])
    likeness = Likeness([each.text for each in texts])
    # The weight of all that is alike is at most this.
    bounds = likeness.summed(weights) / ALIKE
    memory = recall.memory_of(ledger.id)
    found: list[Group] = []
    taken: set[int] = set()
    compared = 0
    for place in np.argsort(-bounds, kind="stable").tolist():
        if place in taken:
            continue
        enough = len(found) >= count and bounds[place] <= sorted(group.rank.effect for group in found)[-count]
        if compared == _MOST_COMPARED or enough:
            break
        compared += 1
        members = _alike(likeness.to(place), texts, place)
        taken.update(members)
        group = _group(memory, [texts[member] for member in members])
        if group and (limit is None or group.rank < limit):
            found.append(group)
    return sorted(found, key=lambda group: group.rank, reverse=True)[:count]


def _alike(likeness: np.ndarray, texts: Sequence[WaitingText], place: int) -> list[int]:
    """Return the positions of the text at `place` and of those like it, the most similar first."""
    near = np.flatnonzero(likeness >= ALIKE)
    ordered = near[np.argsort(-likeness[near], kind="stable")].tolist()
    return [place, *(each for each in ordered if each != place and texts[each].came_in == texts[place].came_in)]


def _group(memory: PersonalMemory | None, texts: Sequence[WaitingText]) -> Group | None:
    """Return the group of texts that may be settled together. None if that is one expense, or the first may not.

    What has no title is like nothing.
    """
    settled = without_contradicted(memory, texts)
    ids = [key for waiting in settled for key in waiting.ids][:CHUNK]
    if len(ids) <= 1 or settled[0] is not texts[0] or not texts[0].text:
        return None
    weight = sum(waiting.weight for waiting in settled)
    own = settled[0].weight / len(settled[0].ids)
    return Group(ids, Rank(round(weight - own, 6), str(ids[0])))

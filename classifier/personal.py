"""Find a ledger's reviewed texts that are similar to a new one, and blend them with the global model. Pure.

The likeness of two texts is the cosine of their character TF-IDF vectors (runs of 2 to 4 characters, with idf from the
ledger's own texts). The blend `p_global + 4 * sum(likeness ** 3 * label)` over the 7 nearest texts above .25 was tuned
on real histories.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from classifier.categories import SLUGS
from classifier.kinds import LABELS, Direction, Kind
from classifier.pack import Pack, Rival, TextDecisions, gram_hashes

NEAREST = 7
_LEAST_LIKENESS = 0.25
_STRENGTH = 4.0
THE_SAME = 0.9999
# A confirmed category says that an expense is spent, but "Other" was also the place of transfers.
_SAYS_NOTHING = "other"

# A same text that was decided in two ways outweighs the model, so that the ledger's own doubt remains.
_OVERRULES = 25


@dataclass(frozen=True)
class Neighbour(TextDecisions):
    """A remembered text that is similar to a new one. likeness: above .25, at most 1."""

    likeness: float = field(kw_only=True)


class PersonalMemory:
    """A large pack, and a small one with the rows written since. Rows of the large pack in `gone` are ignored."""

    def __init__(self, base: Pack, recent: Pack, gone: Iterable[int] = ()) -> None:
        self.base, self.recent = base, recent
        self.gone = np.flatnonzero(np.isin(base.keys, np.fromiter((*gone, *recent.keys), dtype=np.int64)))

    def __len__(self) -> int:
        return len(self.base) + len(self.recent) - len(self.gone)

    def nearest(self, text: str, but_not: int | None = None) -> list[Neighbour]:
        """Return up to 7 remembered texts with a likeness above .25, nearest first. but_not: key of a row to skip."""
        grams = gram_hashes(text)
        found: list[Neighbour] = []
        for pack, gone in ((self.base, self.gone), (self.recent, [])):
            if not len(pack) or not len(grams):
                continue
            likeness = pack.index.likeness(grams, len(pack))
            likeness[gone] = 0.0
            if but_not is not None:
                likeness[pack.keys == but_not] = 0.0
            for row in _largest(likeness):
                found.append(Neighbour(**vars(pack.decided(row)), likeness=min(float(likeness[row]), 1.0)))
        return sorted(found, key=lambda each: -each.likeness)[:NEAREST]


def _largest(likeness: np.ndarray) -> np.ndarray:
    near = np.flatnonzero(likeness > _LEAST_LIKENESS)
    return near[np.argsort(-likeness[near], kind="stable")[:NEAREST]]


def evidence(neighbours: Sequence[Neighbour], classes: Sequence[str] = SLUGS) -> np.ndarray:
    """Return the neighbours' evidence for each of the categories, (classes,): `4 * sum(likeness ** 3)`.

    If a neighbour is the same text, only it counts. A text corrected once then stays right, whatever similar texts say.
    A text that was decided in several ways is evidence for the latest and for its rival, more evenly with each
    contradiction. So the latest decision still wins, but without the confidence to file by it.
    """
    return _evidence([(one.category, one.rivals[0], one.likeness) for one in neighbours], classes)


def evidence_of_kind(neighbours: Sequence[Neighbour], direction: Direction) -> np.ndarray:
    """Return the neighbours' evidence for each label of the direction, (labels,), like `evidence`."""
    place = 1 + list(Direction).index(direction)
    decided = [(decided_kind(one, direction), one.rivals[place], one.likeness) for one in neighbours]
    return _evidence(decided, LABELS[direction])


def decided_kind(neighbour: Neighbour, direction: Direction) -> str:
    """Return the label decided for a neighbour in a direction, or an empty text.

    The same text with a category is spent, because only what is spent has one.
    """
    if label := neighbour.kinds[list(Direction).index(direction)]:
        return label
    filed = neighbour.category not in ("", _SAYS_NOTHING) and neighbour.likeness > THE_SAME
    return Kind.SPENT.value if filed and direction == Direction.OUT else ""


def _evidence(decided: Sequence[tuple[str, Rival, float]], classes: Sequence[str]) -> np.ndarray:
    """Return the evidence of (class, rival, likeness) rows. An empty class says nothing."""
    found = np.zeros(len(classes))
    decided = [one for one in decided if one[0]]
    same = [one for one in decided if one[2] > THE_SAME]
    for each, rival, likeness in same or decided:
        strength = _STRENGTH * likeness**3
        if not rival.doubt:
            found[classes.index(each)] += strength
            continue
        strength *= _OVERRULES if same else 1
        share = (1 + (1 - rival.doubt) ** 3) / 2
        found[classes.index(each)] += strength * share
        found[classes.index(rival.label)] += strength * (1 - share)
    return found


def blend(general: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Combine the model's probabilities (classes,) and the evidence (classes,) into one distribution."""
    together = general + own
    return together / together.sum()

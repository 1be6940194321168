"""Find a ledger's reviewed texts that are similar to a new one, and blend them with the global model. Pure.

The likeness of two texts is the cosine of their character TF-IDF vectors (runs of 2 to 4 characters, with idf from the
ledger's own texts). The blend `p_global + 4 * sum(likeness ** 3 * label)` over the 7 nearest texts above .25 was tuned
on real histories.
"""

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, cast

import numpy as np

from classifier.categories import SLUGS
from classifier.features import character_ngrams, hashed
from classifier.kinds import CASH, INCOME, LABELS, Direction, Kind

SMALLEST, LARGEST = 2, 4
NEAREST = 7
_LEAST_LIKENESS = 0.25
_STRENGTH = 4.0
THE_SAME = 0.9999
# The codes of categories and kinds in a pack. The first of each means that none was decided.
_CATEGORIES = ("", *SLUGS)
_KINDS = ("", Kind.SPENT.value, Kind.MOVED.value, CASH, *INCOME)
# A confirmed category says that an expense is spent, but "Other" was also the place of transfers.
_SAYS_NOTHING = "other"

# A same text that was decided in two ways outweighs the model, so that the ledger's own doubt remains.
_OVERRULES = 25

Kinds = tuple[str, str]
"""The labels decided for a text, in the order of `Direction`. An empty text means none."""


class Rival(NamedTuple):
    """The label that a text got second most often. doubt: how much its decisions contradict each other, 0 to 1."""

    label: str = ""
    doubt: float = 0.0


Rivals = tuple[Rival, Rival, Rival]
"""The rivals of a text's category and of its kinds."""
_NO_RIVALS: Rivals = (Rival(), Rival(), Rival())


@dataclass(frozen=True)
class Remembered:
    """A normalised text, its latest spelling in the ledger, and what was decided there. category: empty for none."""

    text: str
    title: str
    category: str
    kinds: Kinds = ("", "")
    rivals: Rivals = _NO_RIVALS


@dataclass(frozen=True)
class Neighbour:
    """A remembered text that is similar to a new one. likeness: above .25, at most 1."""

    title: str
    category: str
    likeness: float
    kinds: Kinds = ("", "")
    rivals: Rivals = _NO_RIVALS


def rival_of(latest: str, counts: Mapping[str, Any]) -> Rival:
    """Return the rival of the latest label. counts: label -> how often it was decided.

    The doubt is the share of decisions that can have contradicted the one before, so each contradiction raises it.
    """
    known = {label: count for label, count in counts.items() if isinstance(count, int)}
    others = {label: count for label, count in known.items() if label != latest}
    if not latest or not others:
        return Rival()
    total = sum(known.values())
    most = max(known.values())
    return Rival(max(others, key=others.__getitem__), max(0, min(total - 1, 2 * (total - most))) / max(1, total))


def text_key(text: str) -> int:
    """Return the 63-bit key of a normalised text."""
    return hashed(f"t:{text}") >> 1


class Pack:
    """Remembered texts as arrays, built once and searched often.

    keys: `text_key` of each row, int64 (rows,). labels: codes of the category and of the kinds out and in, then those
    of their rivals, then the doubts in 1/255, uint16 (rows, 9). own: the ledger's own categories that rows have, whose
    codes follow those of `_CATEGORIES`. grams: hashed n-grams of all rows, concatenated, uint32. lengths: number of
    n-grams of each row, uint16 (rows,).
    """

    def __init__(
        self,
        keys: np.ndarray,
        labels: np.ndarray,
        grams: np.ndarray,
        lengths: np.ndarray,
        titles: list[str],
        own: Sequence[str] = (),
    ) -> None:
        self.keys, self.labels, self.grams, self.lengths, self.titles = keys, labels, grams, lengths, titles
        self.own = list(own)

    @classmethod
    def of(cls, rows: Sequence[Remembered]) -> "Pack":
        """Pack rows with different texts."""
        grams = [_gram_hashes(row.text) for row in rows]
        own = sorted({name for row in rows for name in (row.category, row.rivals[0].label)}.difference(_CATEGORIES))
        return cls(
            keys=np.array([text_key(row.text) for row in rows], dtype=np.int64),
            labels=np.array([_codes(row, own) for row in rows], dtype=np.uint16).reshape(-1, 9),
            grams=np.concatenate([np.empty(0, np.uint32), *grams]),
            lengths=np.array([len(each) for each in grams], dtype=np.uint16),
            titles=[row.title for row in rows],
            own=own,
        )

    def __len__(self) -> int:
        return len(self.keys)

    def without(self, keys: Iterable[int]) -> "Pack":
        """Return a pack without the rows that have these keys."""
        kept = ~np.isin(self.keys, np.fromiter(keys, dtype=np.int64))
        return Pack(
            self.keys[kept],
            self.labels[kept],
            self.grams[np.repeat(kept, self.lengths)],
            self.lengths[kept],
            [title for title, keep in zip(self.titles, kept, strict=True) if keep],
            self.own,
        )

    def plus(self, other: "Pack") -> "Pack":
        """Return a pack with the rows of both. Rows of `other` replace those with the same text."""
        mine = self.without(other.keys)
        own = list(dict.fromkeys([*mine.own, *other.own]))
        theirs = other.labels.copy()
        codes = [_category_code(category, own) for category in (*_CATEGORIES, *other.own)]
        theirs[:, 0] = np.array(codes, dtype=np.uint16)[theirs[:, 0]]
        return Pack(
            np.concatenate([mine.keys, other.keys]),
            np.concatenate([mine.labels, theirs]),
            np.concatenate([mine.grams, other.grams]),
            np.concatenate([mine.lengths, other.lengths]),
            [*mine.titles, *other.titles],
            own,
        )

    def to_bytes(self) -> bytes:
        """Convert the pack to bytes for the cache."""
        buffer = io.BytesIO()
        texts = np.frombuffer(json.dumps([self.titles, self.own]).encode(), dtype=np.uint8)
        np.savez(buffer, keys=self.keys, labels=self.labels, grams=self.grams, lengths=self.lengths, texts=texts)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Pack":
        """Read the output of `to_bytes`. Raises ValueError, KeyError or OSError for anything else."""
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            titles, own = json.loads(arrays["texts"].tobytes())
            return cls(arrays["keys"], arrays["labels"], arrays["grams"], arrays["lengths"], titles, own)

    @cached_property
    def index(self) -> "_Index":
        """Return the postings, which are built on first use."""
        return _Index(self)


class _Index:
    """The postings of a pack: for each n-gram, the rows that contain it with their normalised TF-IDF."""

    def __init__(self, pack: Pack) -> None:
        order = np.argsort(pack.grams, kind="stable")
        row_of = np.repeat(np.arange(len(pack), dtype=np.int32), pack.lengths)
        self.grams, self.starts, counts = np.unique(pack.grams[order], return_index=True, return_counts=True)
        self.ends = self.starts + counts
        self.idf = (np.log((1 + len(pack)) / (1 + counts)) + 1).astype(np.float32)
        self.unseen_idf = float(np.log(1 + len(pack)) + 1)
        weights = np.repeat(self.idf, counts)
        self.rows = row_of[order]
        norms = np.sqrt(np.bincount(self.rows, weights * weights, minlength=len(pack)))
        self.weights = (weights / norms[self.rows]).astype(np.float32)

    def idf_of(self, grams: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the positions of the n-grams, whether they are known, and their idf."""
        if not len(self.grams):
            nowhere = np.zeros(len(grams), dtype=int)
            return nowhere, nowhere.astype(bool), np.full(len(grams), self.unseen_idf)
        places = np.minimum(np.searchsorted(self.grams, grams), len(self.grams) - 1)
        known = self.grams[places] == grams
        return places, known, np.where(known, self.idf[places].astype(float), self.unseen_idf)

    def likeness(self, grams: np.ndarray, rows: int) -> np.ndarray:
        """Return the cosine of the text that has these n-grams with each row, (rows,)."""
        places, known, idf = self.idf_of(grams)
        query = idf / np.sqrt((idf * idf).sum())
        found = np.zeros(rows)
        for place, weight in zip(places[known], query[known], strict=True):
            start, end = self.starts[place], self.ends[place]
            found[self.rows[start:end]] += weight * self.weights[start:end]
        return found


class PersonalMemory:
    """A large pack, and a small one with the rows written since. Rows of the large pack in `gone` are ignored."""

    def __init__(self, base: Pack, recent: Pack, gone: Iterable[int] = ()) -> None:
        self.base, self.recent = base, recent
        self.gone = np.flatnonzero(np.isin(base.keys, np.fromiter((*gone, *recent.keys), dtype=np.int64)))

    def __len__(self) -> int:
        return len(self.base) + len(self.recent) - len(self.gone)

    def nearest(self, text: str, but_not: int | None = None) -> list[Neighbour]:
        """Return up to 7 remembered texts with a likeness above .25, nearest first. but_not: key of a row to skip."""
        grams = _gram_hashes(text)
        found: list[Neighbour] = []
        for pack, gone in ((self.base, self.gone), (self.recent, [])):
            if not len(pack) or not len(grams):
                continue
            likeness = pack.index.likeness(grams, len(pack))
            likeness[gone] = 0.0
            if but_not is not None:
                likeness[pack.keys == but_not] = 0.0
            for row in _largest(likeness):
                category, kinds, rivals = _decided(pack.labels[row], pack.own)
                found.append(Neighbour(pack.titles[row], category, min(float(likeness[row]), 1.0), kinds, rivals))
        return sorted(found, key=lambda each: -each.likeness)[:NEAREST]


def _gram_hashes(text: str) -> np.ndarray:
    """Return the hashed n-grams of a normalised text, each once, uint32."""
    grams = character_ngrams(text, SMALLEST, LARGEST)
    return np.unique(np.fromiter((hashed(gram) >> 32 for gram in grams), dtype=np.uint32, count=len(grams)))


def _largest(likeness: np.ndarray) -> np.ndarray:
    near = np.flatnonzero(likeness > _LEAST_LIKENESS)
    return near[np.argsort(-likeness[near], kind="stable")[:NEAREST]]


def _category_code(category: str, own: Sequence[str]) -> int:
    return _CATEGORIES.index(category) if category in _CATEGORIES else len(_CATEGORIES) + own.index(category)


def _codes(row: Remembered, own: Sequence[str]) -> list[int]:
    category, *kinds = row.rivals
    return [
        *(_category_code(row.category, own), *(_KINDS.index(label) for label in row.kinds)),
        *(_category_code(category.label, own), *(_KINDS.index(kind.label) for kind in kinds)),
        *(round(255 * rival.doubt) for rival in row.rivals),
    ]


def _decided(codes: np.ndarray, own: Sequence[str]) -> tuple[str, Kinds, Rivals]:
    values, all_names = codes.tolist(), ((*_CATEGORIES, *own), _KINDS, _KINDS)
    category, out, back = (names[code] for names, code in zip(all_names, values[:3], strict=True))
    rivals = (
        Rival(names[code], doubt / 255) for names, code, doubt in zip(all_names, values[3:6], values[6:], strict=True)
    )
    return category, (out, back), cast(Rivals, tuple(rivals))


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

"""A person's own reviewed texts: find the nearest to a new one, and blend what they say with the global model. Pure.

The likeness of two texts is the cosine of their character TF-IDF vectors (runs of 2 to 4 characters, idf from the
person's own texts). The blend `p_global + 4 * sum(likeness ** 3 * label)` over the 7 nearest above .25 was measured on
real histories.
"""

import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from classifier.categories import SLUGS
from classifier.features import character_ngrams, hashed

SMALLEST, LARGEST = 2, 4
NEAREST = 7
_LEAST_LIKENESS = 0.25
_STRENGTH = 4.0
THE_SAME = 0.9999


@dataclass(frozen=True)
class Remembered:
    """A normalised text, how its owner last wrote it, and the category they gave it."""

    text: str
    title: str
    category: str


@dataclass(frozen=True)
class Neighbour:
    """A remembered text near the one asked for; likeness is above .25 and at most 1."""

    title: str
    category: str
    likeness: float


def text_key(text: str) -> int:
    """The key of a normalised text, 63 bits."""
    return hashed(f"t:{text}") >> 1


class Pack:
    """Remembered texts as arrays, made once, searched often.

    keys: `text_key` of each row, int64 (rows,). labels: position in `SLUGS`, uint8 (rows,). grams: hashed n-grams of
    all rows one after the other, uint32. lengths: how many each row has, uint16 (rows,).
    """

    def __init__(
        self, keys: np.ndarray, labels: np.ndarray, grams: np.ndarray, lengths: np.ndarray, titles: list[str]
    ) -> None:
        self.keys, self.labels, self.grams, self.lengths, self.titles = keys, labels, grams, lengths, titles

    @classmethod
    def of(cls, rows: Sequence[Remembered]) -> "Pack":
        """Pack rows with different texts."""
        grams = [_gram_hashes(row.text) for row in rows]
        return cls(
            keys=np.array([text_key(row.text) for row in rows], dtype=np.int64),
            labels=np.array([SLUGS.index(row.category) for row in rows], dtype=np.uint8),
            grams=np.concatenate([np.empty(0, np.uint32), *grams]),
            lengths=np.array([len(each) for each in grams], dtype=np.uint16),
            titles=[row.title for row in rows],
        )

    def __len__(self) -> int:
        return len(self.keys)

    def without(self, keys: Iterable[int]) -> "Pack":
        """A pack that lacks the rows with these keys."""
        kept = ~np.isin(self.keys, np.fromiter(keys, dtype=np.int64))
        return Pack(
            self.keys[kept],
            self.labels[kept],
            self.grams[np.repeat(kept, self.lengths)],
            self.lengths[kept],
            [title for title, keep in zip(self.titles, kept, strict=True) if keep],
        )

    def plus(self, other: "Pack") -> "Pack":
        """The rows of both; those of `other` win where the text is the same."""
        mine = self.without(other.keys)
        return Pack(
            np.concatenate([mine.keys, other.keys]),
            np.concatenate([mine.labels, other.labels]),
            np.concatenate([mine.grams, other.grams]),
            np.concatenate([mine.lengths, other.lengths]),
            [*mine.titles, *other.titles],
        )

    def to_bytes(self) -> bytes:
        """For the cache."""
        buffer = io.BytesIO()
        titles = np.frombuffer(json.dumps(self.titles).encode(), dtype=np.uint8)
        np.savez(buffer, keys=self.keys, labels=self.labels, grams=self.grams, lengths=self.lengths, titles=titles)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Pack":
        """What `to_bytes` made; raises ValueError, KeyError or OSError for anything else."""
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            titles = json.loads(arrays["titles"].tobytes())
            return cls(arrays["keys"], arrays["labels"], arrays["grams"], arrays["lengths"], titles)

    @cached_property
    def index(self) -> "_Index":
        """The postings; built on first use."""
        return _Index(self)


class _Index:
    """Postings of a pack: for each n-gram the rows that hold it, with their TF-IDF over the length of the row."""

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
        """Places of the n-grams, whether they are known, and their idf."""
        if not len(self.grams):
            nowhere = np.zeros(len(grams), dtype=int)
            return nowhere, nowhere.astype(bool), np.full(len(grams), self.unseen_idf)
        places = np.minimum(np.searchsorted(self.grams, grams), len(self.grams) - 1)
        known = self.grams[places] == grams
        return places, known, np.where(known, self.idf[places].astype(float), self.unseen_idf)

    def likeness(self, grams: np.ndarray, rows: int) -> np.ndarray:
        """Cosine of the text with these n-grams and each row, (rows,)."""
        places, known, idf = self.idf_of(grams)
        query = idf / np.sqrt((idf * idf).sum())
        found = np.zeros(rows)
        for place, weight in zip(places[known], query[known], strict=True):
            start, end = self.starts[place], self.ends[place]
            found[self.rows[start:end]] += weight * self.weights[start:end]
        return found


class Memory:
    """A big pack and a small one of what came since. Rows of the big one in `gone` no longer count."""

    def __init__(self, base: Pack, recent: Pack, gone: Iterable[int] = ()) -> None:
        self.base, self.recent = base, recent
        self.gone = np.flatnonzero(np.isin(base.keys, np.fromiter((*gone, *recent.keys), dtype=np.int64)))

    def __len__(self) -> int:
        return len(self.base) + len(self.recent) - len(self.gone)

    def nearest(self, text: str, but_not: int | None = None) -> list[Neighbour]:
        """The up to 7 nearest remembered texts above a likeness of .25, best first. but_not: key of a row to skip."""
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
                found.append(Neighbour(pack.titles[row], SLUGS[pack.labels[row]], min(float(likeness[row]), 1.0)))
        return sorted(found, key=lambda each: -each.likeness)[:NEAREST]


def _gram_hashes(text: str) -> np.ndarray:
    """The hashed n-grams of a normalised text, each once, uint32."""
    grams = character_ngrams(text, SMALLEST, LARGEST)
    return np.unique(np.fromiter((hashed(gram) >> 32 for gram in grams), dtype=np.uint32, count=len(grams)))


def _largest(likeness: np.ndarray) -> np.ndarray:
    near = np.flatnonzero(likeness > _LEAST_LIKENESS)
    return near[np.argsort(-likeness[near], kind="stable")[:NEAREST]]


def evidence(neighbours: Sequence[Neighbour]) -> np.ndarray:
    """What the neighbours say for each category, (classes,): `4 * sum(likeness ** 3)`.

    The same text decides alone: corrected once, it stays right however many near texts say otherwise.
    """
    found = np.zeros(len(SLUGS))
    neighbours = [one for one in neighbours if one.likeness > THE_SAME] or neighbours
    for neighbour in neighbours:
        found[SLUGS.index(neighbour.category)] += _STRENGTH * neighbour.likeness**3
    return found


def blend(general: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Probabilities of the global model (classes,) and own evidence (classes,) as one distribution."""
    together = general + own
    return together / together.sum()

"""The texts that a ledger remembers, as arrays, which are quick to keep and to search. Pure."""

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, cast

import numpy as np

from classifier.categories import SLUGS
from classifier.features import character_ngrams, hashed
from classifier.kinds import CASH, INCOME, Kind

SMALLEST, LARGEST = 2, 4
# The codes of categories and kinds in a pack. The first of each means that none was decided.
_CATEGORIES = ("", *SLUGS)
_KINDS = ("", Kind.SPENT.value, Kind.MOVED.value, CASH, *INCOME)
# The columns of a pack's labels that have codes of categories: of what was decided, and of its rival.
_OF_CATEGORIES = [0, 3]

# The labels decided for a text, in the order of `Direction`. An empty text means none.
Kinds = tuple[str, str]


class Rival(NamedTuple):
    """The label that a text got second most often. doubt: how much its decisions contradict each other, 0 to 1."""

    label: str = ""
    doubt: float = 0.0


# The rivals of a text's category and of its kinds.
Rivals = tuple[Rival, Rival, Rival]
_NO_RIVALS: Rivals = (Rival(), Rival(), Rival())


@dataclass(frozen=True)
class TextDecisions:
    """What was decided about a text in a ledger. title: its latest spelling there. category: empty for none."""

    title: str
    category: str
    kinds: Kinds = ("", "")
    rivals: Rivals = _NO_RIVALS


@dataclass(frozen=True)
class Remembered(TextDecisions):
    """A normalised text with what was decided about it."""

    text: str = field(kw_only=True)


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
        grams = [gram_hashes(row.text) for row in rows]
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

    def decided(self, row: int) -> TextDecisions:
        """Return what was decided about the text of a row."""
        names = (*_CATEGORIES, *self.own), _KINDS, _KINDS
        codes = self.labels[row].tolist()
        category, out, back = (known[code] for known, code in zip(names, codes[:3], strict=True))
        rivals = (
            Rival(known[code], doubt / 255) for known, code, doubt in zip(names, codes[3:6], codes[6:], strict=True)
        )
        return TextDecisions(self.titles[row], category, (out, back), cast(Rivals, tuple(rivals)))

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
        theirs[:, _OF_CATEGORIES] = np.array(codes, dtype=np.uint16)[theirs[:, _OF_CATEGORIES]]
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


def gram_hashes(text: str) -> np.ndarray:
    """Return the hashed n-grams of a normalised text, each once, uint32."""
    grams = character_ngrams(text, SMALLEST, LARGEST)
    return np.unique(np.fromiter((hashed(gram) >> 32 for gram in grams), dtype=np.uint32, count=len(grams)))


def _category_code(category: str, own: Sequence[str]) -> int:
    return _CATEGORIES.index(category) if category in _CATEGORIES else len(_CATEGORIES) + own.index(category)


def _codes(row: Remembered, own: Sequence[str]) -> list[int]:
    category, *kinds = row.rivals
    return [
        *(_category_code(row.category, own), *(_KINDS.index(label) for label in row.kinds)),
        *(_category_code(category.label, own), *(_KINDS.index(kind.label) for kind in kinds)),
        *(round(255 * rival.doubt) for rival in row.rivals),
    ]

"""Compare many texts with each other, by the likeness that a ledger's memory uses (see `personal`). Pure.

`personal` compares one text with thousands that are kept. Here the texts are new each time, so their n-grams are hashed
together, as arrays.
"""

from collections.abc import Sequence

import numpy as np

from classifier.features import LONGEST_DENSE, character_ngrams, hashed, is_dense
from classifier.pack import LARGEST, SMALLEST
from classifier.personal import Neighbour

# Texts at least this similar are about the same thing, so one answer can be offered for all of them.
ALIKE = 0.6
_SPACE = ord(" ")
_ROW_BITS = np.uint64(32)
_PRIME = np.uint64(0x9E3779B97F4A7C15)


class Likeness:
    """The likeness of each of `texts`, which are normalised, to each other.

    grams, rows: each n-gram that a text has, with the position of the text, sorted by n-gram. weights: their normalised
    TF-IDF. places: the number of the n-gram, from 0.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.count = len(texts)
        keys = np.sort(np.concatenate([_hashed_together(texts), _hashed_dense(texts)]))
        keys = keys[np.append(True, keys[1:] != keys[:-1])[: len(keys)]]  # `np.unique` is 50 times slower
        self.rows = (keys & np.uint64(0xFFFFFFFF)).astype(np.int64)
        grams = keys >> _ROW_BITS
        self.starts = np.flatnonzero(np.append(True, grams[1:] != grams[:-1])[: len(grams)])
        self.ends = np.append(self.starts[1:], len(grams))[: len(self.starts)]
        counts = self.ends - self.starts
        self.places = np.repeat(np.arange(len(counts)), counts)
        idf = (np.log((1 + self.count) / (1 + counts)) + 1)[self.places]
        norms = np.sqrt(np.bincount(self.rows, idf * idf, minlength=self.count))
        self.weights = idf / norms[self.rows]

    def to(self, place: int) -> np.ndarray:
        """Return the likeness of each text to the one at `place`, 0 to 1, (texts,)."""
        found = np.zeros(self.count)
        for entry in np.flatnonzero(self.rows == place):
            start, end = self.starts[self.places[entry]], self.ends[self.places[entry]]
            found[self.rows[start:end]] += self.weights[entry] * self.weights[start:end]
        return found

    def summed(self, values: np.ndarray) -> np.ndarray:
        """Return for each text the sum of all texts' `values`, each multiplied with its likeness to it, (texts,)."""
        of_grams = np.bincount(self.places, self.weights * values[self.rows], minlength=len(self.starts))
        return np.bincount(self.rows, self.weights * of_grams[self.places], minlength=self.count)


def is_contradicted(neighbours: Sequence[Neighbour]) -> bool:
    """Whether a ledger's reviewed texts that are like a text were filed in more than one way."""
    near = [one for one in neighbours if one.likeness >= ALIKE]
    filed = ([one.category for one in near], [one.kinds[0] for one in near], [one.kinds[1] for one in near])
    doubted = any(rival.doubt for one in near for rival in one.rivals)
    return doubted or any(len(set(labels) - {""}) > 1 for labels in filed)


def _hashed_together(texts: Sequence[str]) -> np.ndarray:
    """Return (hash of an n-gram << 32 | position of its text) for the runs of characters in the padded words.

    Between words are two spaces, so a run that contains both is in none of them.
    """
    padded = [f" {text.replace(' ', '  ')} " if text else "" for text in texts]
    words = [word for text in texts for word in text.split(" ") if text]
    dense = np.repeat(np.array([*map(is_dense, words)], dtype=bool), [len(word) + 2 for word in words])
    characters = np.frombuffer("".join(padded).encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    row_of = np.repeat(np.arange(len(texts), dtype=np.uint64), [len(each) for each in padded])
    spaces = characters == _SPACE
    apart = np.append(spaces[:-1] & spaces[1:], True) if len(spaces) else spaces
    found = [np.empty(0, np.uint64)]
    hashes, inside = characters.copy(), np.ones(len(characters), dtype=bool)
    for size in range(2, LARGEST + 1):
        inside = inside[:-1] & ~apart[size - 2 : -1]
        hashes = hashes[:-1] * np.uint64(1_000_003) + characters[size - 1 :]
        if size > LONGEST_DENSE:
            inside = inside & ~dense[size - 1 :]
        if size >= SMALLEST:
            mixed = (hashes + np.uint64(size)) * _PRIME >> _ROW_BITS
            found.append((mixed << _ROW_BITS | row_of[: len(mixed)])[inside])
    return np.concatenate(found)


def _hashed_dense(texts: Sequence[str]) -> np.ndarray:
    """Return the same for the single characters of dense scripts, which are n-grams only there."""
    single = (
        (hashed(gram) >> 32) << 32 | place
        for place, text in enumerate(texts)
        if is_dense(text)
        for gram in character_ngrams(text, SMALLEST, LARGEST)
        if len(gram) == len("c:") + 1
    )
    return np.fromiter(single, dtype=np.uint64)

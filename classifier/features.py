"""The n-grams of a normalised text: what the global model counts and what the personal memory compares.

An n-gram is a string with its kind in front: "w:milk" (word), "w:darkchocolate" (two neighbouring words, written as
one, so that "wal mart" and "walmart" share it), "c: mi" (characters inside a word, padded with a space on both sides).
Pure.
"""

from itertools import pairwise
from zlib import adler32, crc32

WORD, _CHARACTERS = "w:", "c:"
SMALLEST, LARGEST = 3, 5

# Raise it when `text.normalise` or this module changes what a text becomes: stored models are trained anew.
FEATURES_VERSION = 2


def word_ngrams(normalised: str) -> list[str]:
    """Words and pairs of neighbouring words, each once, in order of appearance."""
    words = normalised.split()
    pairs = (first + second for first, second in pairwise(words))
    return list(dict.fromkeys(WORD + gram for gram in (*words, *pairs)))


def character_ngrams(normalised: str, smallest: int = SMALLEST, largest: int = LARGEST) -> list[str]:
    """Runs of `smallest` to `largest` characters inside padded words, each once, in order of appearance."""
    found: dict[str, None] = {}
    for word in normalised.split():
        padded = f" {word} "
        length = len(padded)
        for size in range(smallest, min(largest, length) + 1):
            for start in range(length - size + 1):
                found[_CHARACTERS + padded[start : start + size]] = None
    return list(found)


def hashed(ngram: str) -> int:
    """The 64-bit key under which a model or a memory keeps the n-gram."""
    encoded = ngram.encode()
    return crc32(encoded) << 32 | adler32(encoded)


def shown(normalised: str) -> dict[str, str]:
    """How to show each n-gram of a text to a person: "dark chocolate" for a pair, "mil-" for a start."""
    labels = {_CHARACTERS + gram[2:]: _shown_characters(gram[2:]) for gram in character_ngrams(normalised)}
    words = normalised.split()
    labels |= {WORD + first + second: f"{first} {second}" for first, second in pairwise(words)}
    return labels | {WORD + word: word for word in words}


def _shown_characters(gram: str) -> str:
    start = "" if gram.startswith(" ") else "-"
    end = "" if gram.endswith(" ") else "-"
    return f"{start}{gram.strip()}{end}"

"""Extract the n-grams of a normalised text, which the global model counts and the memory compares. Pure.

An n-gram is a string that begins with its kind: "w:milk" (a word), "w:darkchocolate" (two neighbouring words joined, so
that "wal mart" and "walmart" share it), "c: mi" (characters of a word, which is padded with a space on both sides).
"""

from itertools import pairwise
from re import compile as compiled
from zlib import adler32, crc32

WORD, _CHARACTERS = "w:", "c:"
_SMALLEST, _LARGEST = 3, 5
# The longest runs in words of dense scripts, where a character is about a syllable.
LONGEST_DENSE = 3
# Chinese, Japanese, Korean and Thai, in which one or two characters are a word, and words are hardly set apart.
_DENSE = compiled("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

# Texts of these scripts are calibrated separately, because more is known of some than of others.
SCRIPTS = ("latin", "hebrew", "other")
_NOT_LATIN = compiled("[\u0370-\u1dff\u2c00-\ua71f\ua800-\ufaff\ufb1d-\uffdc]")
_HEBREW = compiled("[\u0590-\u05ff]")

# Raise it when a change of `text.normalise` or this module changes n-grams. Stored models are then retrained.
FEATURES_VERSION = 4


def word_ngrams(normalised: str) -> list[str]:
    """Return the words and pairs of neighbouring words, each once, in order of appearance."""
    words = normalised.split()
    pairs = (first + second for first, second in pairwise(words))
    return list(dict.fromkeys(WORD + gram for gram in (*words, *pairs)))


def character_ngrams(normalised: str, smallest: int = _SMALLEST, largest: int = _LARGEST) -> list[str]:
    """Return all runs of `smallest` to `largest` characters in the padded words, each once, in order of appearance.

    Words of dense scripts also have their single characters and pairs, but no runs longer than three characters, which
    are whole phrases that hardly occur twice.
    """
    found: dict[str, None] = {}
    for word in normalised.split():
        most = largest
        if is_dense(word):
            most = min(largest, LONGEST_DENSE)
            found |= dict.fromkeys(_CHARACTERS + gram for gram in (*word, *map("".join, pairwise(word))))
        padded = f" {word} "
        length = len(padded)
        for size in range(smallest, min(most, length) + 1):
            for start in range(length - size + 1):
                found[_CHARACTERS + padded[start : start + size]] = None
    return list(found)


def is_dense(normalised: str) -> bool:
    """Whether a text has characters of a script in which one or two of them are a word."""
    return not normalised.isascii() and bool(_DENSE.search(normalised))


def script_of(normalised: str) -> int:
    """Return the position in `SCRIPTS` of the script of a text's first letter that isn't Latin."""
    if normalised.isascii():
        return 0
    found = _NOT_LATIN.search(normalised)
    if not found:
        return 0
    return 1 if _HEBREW.match(found[0]) else 2


def hashed(ngram: str) -> int:
    """Return the 64-bit key of an n-gram in models and memories."""
    encoded = ngram.encode()
    return crc32(encoded) << 32 | adler32(encoded)


def readable_ngrams(normalised: str) -> dict[str, str]:
    """Return a readable form of each n-gram of a text: "dark chocolate" for a pair, "mil-" for the start of a word."""
    labels = {_CHARACTERS + gram[2:]: _shown_characters(gram[2:]) for gram in character_ngrams(normalised)}
    words = normalised.split()
    labels |= {WORD + first + second: f"{first} {second}" for first, second in pairwise(words)}
    return labels | {WORD + word: word for word in words}


def _shown_characters(gram: str) -> str:
    start = "" if gram.startswith(" ") else "-"
    end = "" if gram.endswith(" ") else "-"
    return f"{start}{gram.strip()}{end}"

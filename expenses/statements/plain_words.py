"""Brings column names and words of cells into one form, so that they can be compared."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_LONGEST = 80
_BRACKETS = re.compile(r"[(\[（].*?[)\]）]")
# "Zahlungsempfänger*in", "Auftraggeber:innen", "Zahlungspflichtige*r"
_GENDER = re.compile(r"(?<=\w)[*:](?:innen|in|r|n|e)\b")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_NO_WORD = re.compile(r"[\s_.:*#]+")
_SLASH = re.compile(r"\s*/\s*")
# Letters without an accent to remove.
_LETTERS = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "״": '"', "’": "'"})
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SPACES, _SIGNS = re.compile(r"\s+"), re.compile(r"[\s/,;|()_-]+")
_MOST_WORDS = 6


def plain_header(text: str) -> str:
    """Return a name in lower case, without accents, quotes and text in brackets."""
    return _plain(text[:_LONGEST])


@lru_cache(maxsize=20_000)
def _plain(text: str) -> str:
    bare = _BRACKETS.sub(" ", text)
    text = _CAMEL.sub(" ", _GENDER.sub("", bare if bare.strip(" *:/-") else text))
    spaced = _SLASH.sub("/", _NO_WORD.sub(" ", _without_accents(text.casefold())))
    return spaced.strip(" -/\"'`|,;!?")


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    bare = "".join(filter(_is_letter_or_sign, unicodedata.normalize("NFKD", text)))
    return unicodedata.normalize("NFC", bare).translate(_LETTERS)


@lru_cache(maxsize=2000)
def _is_letter_or_sign(char: str) -> bool:
    """Whether a character is neither an accent nor a direction mark."""
    return unicodedata.category(char) not in ("Mn", "Cf")


def parts_of(name: str) -> Iterator[str]:
    """Yield the parts of a plain name that may be words of their own: the longest first.

    Runs of words; without spaces between words, as in Japanese, runs of characters.
    """
    by_spaces, by_signs = _SPACES.split(name)[:20], _SIGNS.split(name)[:20]
    for words in (by_spaces, by_signs) if by_signs != by_spaces else (by_spaces,):
        for length in range(min(_MOST_WORDS, len(words)), 0, -1):
            for start in range(len(words) - length + 1):
                yield " ".join(words[start : start + length])
    if _UNSPACED.search(name):
        for length in range(min(12, len(name)), 1, -1):
            for start in range(len(name) - length + 1):
                yield name[start : start + length]


def known_parts(name: str, known: frozenset[str]) -> Iterator[str]:
    """Yield the parts of a plain name that are known words, the longest first."""
    if _pieces_of(known).isdisjoint(_SIGNS.split(name)) and not _UNSPACED.search(name):
        return iter(())
    return (part for part in parts_of(name) if part in known)


@lru_cache(maxsize=100)
def _pieces_of(known: frozenset[str]) -> frozenset[str]:
    return frozenset(piece for word in known for piece in _SIGNS.split(word))


def ends_of(name: str, shortest: int = 5) -> Iterator[str]:
    """Yield the ends and beginnings of a name's words, for compounds such as Buchungsbetrag and for word endings."""
    for word in re.split(r"[\s/,;|()-]+", name)[:20]:
        for cut in range(1, len(word) - shortest + 1):
            yield word[cut:]
        for cut in range(1, min(4, len(word) - shortest + 1)):
            yield word[:-cut]

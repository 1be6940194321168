"""The words of statements in many languages, from the CSV files in `words/`."""

import csv
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

from expenses.money.words import normal_word
from expenses.statements.plain_words import known_parts, plain_header

_FOLDER = Path(__file__).with_name("words")


def _rows(name: str) -> list[list[str]]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def _read_headers() -> dict[str, dict[str, int]]:
    """The plain names of columns by role, each with its place in its language's list; the preferred ones come first."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for role, _language, words in _rows("headers.csv"):
        for place, word in enumerate(words.split("|")):
            name = plain_header(word)
            found[role][name] = min(place, found[role].get(name, place))
    return dict(found)


def _read_cells() -> dict[str, frozenset[str]]:
    """The plain words in cells, by their meaning."""
    found: dict[str, set[str]] = defaultdict(set)
    for meaning, _language, words in _rows("cells.csv"):
        found[meaning] |= {plain_header(word) for word in words.split("|")} - {""}
    return {meaning: frozenset(words) for meaning, words in found.items()}


def _meanings_of(cells: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """The meanings of each plain word."""
    found: dict[str, set[str]] = defaultdict(set)
    for meaning, words in cells.items():
        for word in words:
            found[word].add(meaning)
    return {word: frozenset(meanings) for word, meanings in found.items()}


def _read_languages() -> dict[str, set[str]]:
    """The languages of the plain names of columns."""
    found: dict[str, set[str]] = defaultdict(set)
    for _role, language, words in _rows("headers.csv"):
        for word in words.split("|"):
            found[plain_header(word)].add(language)
    return dict(found)


def _read_money_words() -> dict[str, frozenset[str]]:
    """What people of its countries write beside amounts of a currency, by its code."""
    return {code: frozenset(map(normal_word, words.split("|"))) for code, words in _rows("money.csv")}


HEADERS = _read_headers()
MONEY_WORDS = _read_money_words()
ALL_MONEY_WORDS = frozenset().union(*MONEY_WORDS.values())
LANGUAGES = _read_languages()
CELLS = _read_cells()
_MEANINGS, _NONE = _meanings_of(CELLS), frozenset[str]()
# Pairs of one-letter flags and the like: (spent, received).
FLAG_PAIRS = [(out, came) for out, came in _rows("flag_pairs.csv")]
_SHORT = 3


def says(text: str, *meanings: str) -> str:
    """The first of the meanings that a cell's whole text has; else the first that words in it have; else ""."""
    return _says(text[:200], meanings)


@lru_cache(maxsize=20_000)
def _says(text: str, meanings: tuple[str, ...]) -> str:
    name = plain_header(text)
    for meaning in meanings:
        if name in CELLS[meaning]:
            return meaning
    for part in known_parts(name, _words_of(meanings)):
        if len(part) > _SHORT or not part.isascii():
            return next(meaning for meaning in meanings if part in CELLS[meaning])
    return ""


@lru_cache(maxsize=20)
def _words_of(meanings: tuple[str, ...]) -> frozenset[str]:
    return frozenset().union(*(CELLS[meaning] for meaning in meanings))


def is_exactly(text: str, *meanings: str) -> bool:
    """Whether a cell's whole text has one of the meanings."""
    return _has(plain_header(text), meanings)


def is_made_of(text: str, *meanings: str) -> bool:
    """Whether a cell's whole text, or each word of it, has one of the meanings: "Transfer Credit", "借 Dr"."""
    name = plain_header(text)
    if _has(name, meanings):
        return True
    words = [word for word in name.replace("-", " ").split(" ") if not word.isdecimal()]
    return bool(words) and ":" not in text and all(_has(word, meanings) for word in words)


def _has(name: str, meanings: tuple[str, ...]) -> bool:
    return not _MEANINGS.get(name, _NONE).isdisjoint(meanings)

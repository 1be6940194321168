"""What the names of entries say: which ones are of one merchant, and which words speak for a series. Pure."""

import csv
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path

from classifier.text import normalise

_WORDS = Path(__file__).with_name("words.csv")
# Groups of words that don't name a kind of service.
_MONTH, _BILL = "month", "bill"
# A word that more names have says nothing about the merchant.
_RARE = 8
_MOST_ALIKE = 12
_SHORTEST = 3
# The share of common pairs of letters in names with the same first word, and in others.
_ALIKE_AFTER_FIRST, _ALIKE = 0.5, 0.7
_BILL_HINT, _SERVICE_HINT = 3.0, 2.5
_CATEGORY_HINTS = {"food-drinks": -1.0, "housing-bills": 1.0, "salary": 2.0, "interest": 1.0}


@cache
def _groups() -> Mapping[str, frozenset[str]]:
    """Return the groups of words, by word."""
    found: dict[str, set[str]] = defaultdict(set)
    with _WORDS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for word in row["words"].split():
                found[word].add(row["group"])
    return {word: frozenset(groups) for word, groups in found.items()}


def merchant_text(title: str) -> str:
    """Return the normalised title without names of months: "Rent October 2026" and "Rent November 2026" are alike."""
    text = normalise(title)
    words = text.split()
    return " ".join(word for word in words if _MONTH not in _groups().get(word, ())) or text


def services_of(text: str) -> set[str]:
    """Return the kinds of service that the words of a normalised text name, such as video."""
    found = _groups()
    return {group for word in text.split() for group in found.get(word, ())} - {_MONTH, _BILL}


@lru_cache(maxsize=5_000)
def hint_of(text: str, category: str) -> float:
    """Return the weight of the words for a series, and of the category."""
    groups = {group for word in text.split() for group in _groups().get(word, ())} - {_MONTH}
    words = _BILL_HINT if _BILL in groups else _SERVICE_HINT if groups else 0.0
    return words + _CATEGORY_HINTS.get(category, 0.0)


def are_alike(one: str, two: str) -> bool:
    """Whether two normalised texts may name the same merchant."""
    words, others = set(one.split()), set(two.split())
    if not words or not others:
        return False
    if words <= others or others <= words:
        return True
    pairs, more = _letter_pairs(one), _letter_pairs(two)
    share = _ALIKE_AFTER_FIRST if one.split()[0] == two.split()[0] else _ALIKE
    return 2 * len(pairs & more) >= share * (len(pairs) + len(more))


def _letter_pairs(text: str) -> set[str]:
    joined = text.replace(" ", "")
    return {joined[place : place + 2] for place in range(len(joined) - 1)}


def clusters(texts: Collection[str]) -> list[list[str]]:
    """Group normalised texts that are alike. Each text is in one group; a group that would be large falls apart."""
    parents = {text: text for text in texts}

    def root(text: str) -> str:
        while parents[text] != text:
            parents[text] = parents[parents[text]]
            text = parents[text]
        return text

    for one, two in _alike_pairs(texts):
        parents[root(one)] = root(two)
    grouped: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        grouped[root(text)].append(text)
    found = []
    for group in grouped.values():
        found += [group] if len(group) <= _MOST_ALIKE else [[text] for text in group]
    return found


def _alike_pairs(texts: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Yield the pairs of alike texts that share a rare word, or the beginning of one."""
    blocks: dict[str, set[str]] = defaultdict(set)
    for text in texts:
        for word in text.split():
            if len(word) >= _SHORTEST:
                blocks[word].add(text)
                blocks[word[:5]].add(text)
    for block in blocks.values():
        if 2 <= len(block) <= _RARE:
            names = sorted(block)
            for place, one in enumerate(names):
                yield from ((one, two) for two in names[place + 1 :] if are_alike(one, two))

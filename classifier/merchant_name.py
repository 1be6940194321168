"""The name of a merchant from the text of a bank, as a person would write it. Pure."""

import re
from functools import lru_cache

from classifier.text import normalise

_WORD = re.compile(r"[^\W_]+(?:['’&][^\W_]+)*")
# What normalising keeps for the model, because it tells the kind of merchant.
_HINT = re.compile(r"(?:sq|tst|sp|eb|dd|yoco) ")
_LONG_NUMBER = re.compile(r"\d{3}")
_VOWELS = frozenset("aeiouyáàâäãåéèêëíìîïóòôöõøúùûü")
_SHORT = 3


@lru_cache(maxsize=8192)
def merchant_name(text: str) -> str:
    """Return `Blue Bottle Coffee` for `SQ *BLUE BOTTLE COFFEE 4411`, "" for a text that needs no cleaning.

    Only texts in capitals, or with a long number in a script without capitals, come from a bank. Others stay.
    """
    if not _is_from_bank(text):
        return ""
    words = _HINT.sub("", normalise(text), count=1).split()
    written = {normalise(word): word for word in _WORD.findall(text)}
    if words == text.casefold().split() or any(word not in written for word in words):
        return ""
    return " ".join(_capitalised(written[word]) for word in words if not word.isdigit())


def readable(title: str) -> str:
    """Return the title that people see: the merchant's name, or the title itself if it needs no cleaning."""
    return merchant_name(title) or title


def _is_from_bank(text: str) -> bool:
    return text == text.upper() and (text != text.lower() or bool(_LONG_NUMBER.search(text)))


def _capitalised(word: str) -> str:
    """Write a word with one capital. An abbreviation such as H&M or KFC keeps its capitals."""
    is_abbreviation = len(word) <= _SHORT and not _VOWELS & set(word.lower())
    return word if is_abbreviation else word.capitalize()

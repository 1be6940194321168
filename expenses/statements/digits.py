"""Digits of all scripts."""

import unicodedata
from functools import lru_cache


def ascii_digits(text: str) -> str:
    """Replace digits of any script by ASCII digits, and remove direction marks."""
    return text if text.isascii() else "".join(map(_ascii_digit, text))


@lru_cache(maxsize=2000)
def _ascii_digit(char: str) -> str:
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    return "" if unicodedata.category(char) == "Cf" else char

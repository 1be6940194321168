"""Digits of all scripts."""

import unicodedata


def ascii_digits(text: str) -> str:
    """Replace digits of any script by ASCII digits, and remove direction marks."""
    if text.isascii():
        return text
    visible = (char for char in text if unicodedata.category(char) != "Cf")
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in visible)

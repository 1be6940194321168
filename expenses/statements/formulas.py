"""Protects exported text from being run as a formula by spreadsheets."""

import re
from typing import Any

# Japanese Excel treats the full-width forms like the ASCII ones.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def harmless(value: Any) -> Any:
    """Prefix text that spreadsheets would run as a formula with an apostrophe. Numbers such as -12.50 stay numbers."""
    if isinstance(value, str) and _FORMULA.match(value) and not is_plain_number(value):
        return f"'{value}"
    return value


def original(text: str) -> str:
    """Reverse `harmless`: remove the apostrophe that it added."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def unmistakable(text: str) -> str:
    """Prefix text so that `original` returns it unchanged. For formats where text can't be run as a formula."""
    return f"'{text}" if original(text) != text else text


def is_plain_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal()

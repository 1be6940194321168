"""Reads whole numbers from requests."""

import re

_WHOLE = re.compile("[0-9]{1,9}", re.ASCII)


def whole_number(text: str, lowest: int, highest: int) -> int | None:
    """Return the number, or None if the text isn't one from `lowest` to `highest`, however long it is."""
    if not _WHOLE.fullmatch(text):
        return None
    number = int(text)
    return number if lowest <= number <= highest else None

"""What an expense may be, wherever it comes from: a form or a statement."""

import unicodedata

TITLE_LENGTH = 120
NOTE_LENGTH = 1000
_INVISIBLE = {"Cf", "Zs", "Mn"}


def is_visible(text: str) -> bool:
    """Whether there is something to be seen in it."""
    return any(unicodedata.category(char) not in _INVISIBLE for char in text)

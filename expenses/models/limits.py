"""The limits of an expense, the same for forms and statements."""

import unicodedata

TITLE_LENGTH = 120
NOTE_LENGTH = 1000
ACCOUNT_LENGTH = 60
# Of an amount as somebody types it.
TYPED_AMOUNT_LENGTH = 60
_INVISIBLE = {"Cf", "Zs", "Mn"}


def is_visible(text: str) -> bool:
    """Whether the text has at least one visible character."""
    return any(unicodedata.category(char) not in _INVISIBLE for char in text)

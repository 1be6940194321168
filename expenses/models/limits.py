"""What an expense may be, wherever it comes from: a form or a statement."""

import unicodedata
from datetime import date

from django.utils import timezone

TITLE_LENGTH = 120
NOTE_LENGTH = 1000
EARLIEST = date(1999, 1, 4)  # the first day of the ECB's reference rates
YEARS_AHEAD = 5
INVISIBLE = {"Cf", "Zs", "Mn"}


def latest_day() -> date:
    return date(timezone.localdate().year + YEARS_AHEAD, 12, 31)


def is_visible(text: str) -> bool:
    """Whether there is something to be seen in it."""
    return any(unicodedata.category(char) not in INVISIBLE for char in text)

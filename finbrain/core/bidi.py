"""Embeds text in any script in FinBrain's own sentences."""

from unicodedata import bidirectional

from django.utils.translation import get_language_bidi

_FIRST_STRONG_ISOLATE, _POP_DIRECTIONAL_ISOLATE = "\u2068", "\u2069"


def isolated(text: str) -> str:
    """Return `text`, in isolation marks if it has letters that run against the direction of the current language.

    Without the marks, "Added שופרסל, ₪58.00" is displayed with the amount before the title.
    """
    opposite = {"L"} if get_language_bidi() else {"R", "AL"}
    if opposite.isdisjoint(map(bidirectional, text)):
        return text
    return _FIRST_STRONG_ISOLATE + text + _POP_DIRECTIONAL_ISOLATE

"""The largest amount, and texts that name a larger one."""

import re
from math import log10

from django.utils.translation import gettext

MOST_WHOLE_DIGITS = 12
_LARGEST = "999,999,999,999.99"
# "10^13" and "1e13", which are no notations of amounts, but say how large the amount would be.
_POWER = re.compile(
    r"(?P<base>\d{1,9}(?:\.\d{1,9})?)\s*(?:(?P<e>e)|\^|\*\*)\s*\+?(?P<exponent>\d{1,9})", re.IGNORECASE | re.ASCII
)


def amount_too_large() -> str:
    """Return the sentence about an amount above the largest one."""
    return gettext("That amount is too large. The largest is %(largest)s.") % {"largest": _LARGEST}


def is_large_power(text: str) -> bool:
    """Whether a text is a power such as 10^13 or 1e13 that has more digits than an amount."""
    found = _POWER.fullmatch(text)
    if not found:
        return False
    base, exponent = float(found["base"]), int(found["exponent"])
    digits = (log10(base) + exponent if found["e"] else log10(base) * exponent) if base else 0
    return digits >= MOST_WHOLE_DIGITS

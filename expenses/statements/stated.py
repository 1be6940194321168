"""The opening and the closing balance that a file states in lines of their own, above or below its movements."""

import re
from collections.abc import Sequence

from expenses.statements.days import looks_like_day
from expenses.statements.notation import is_number
from expenses.statements.plain_words import plain_header
from expenses.statements.vocabulary import CELLS

_OPENING, _CLOSING = "opening balance", "closing balance"
# A date or a place after the name, as in "Saldo per 31.12.2026".
_AFTER = re.compile(r"[\s:]*(?:[\d./-]{6,}|\b[A-Z]{3}\b)?[\s:]*$")


def stated_balances(lines: Sequence[Sequence[str]]) -> tuple[str, str] | None:
    """The opening and the closing balance as text; None unless the lines state exactly one of each."""
    found: dict[str, set[str]] = {_OPENING: set(), _CLOSING: set()}
    for cells in lines:
        for place, cell in enumerate(cells):
            name, _colon, value = cell.partition(":")
            meaning = _meaning(name) or _meaning(cell)
            values = [one for one in (value.strip(), *cells[place + 1 :]) if is_number(one) and not looks_like_day(one)]
            if meaning and len(values) == 1:
                found[meaning].add(values[0])
    opening, closing = (tuple(values) for values in found.values())
    return (opening[0], closing[0]) if len(opening) == len(closing) == 1 else None


def _meaning(text: str) -> str:
    if not text or len(text) > 60:
        return ""
    name = plain_header(_AFTER.sub("", text))
    return next((meaning for meaning in (_OPENING, _CLOSING) if name in CELLS[meaning]), "")

"""Finds the title and the note of a row among its texts."""

import re
from collections.abc import Sequence
from html import unescape

from expenses.statements.notation import is_zero
from expenses.statements.profile import is_short_name, is_telling, names_kind
from expenses.statements.roles import Roles

_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,6}|#x[\da-f]{1,5});", re.IGNORECASE)


def title_of(row: Sequence[str], roles: Roles, *, received: bool) -> str:
    """The first cell that may name the merchant, or who paid; else what the movement is; else any text."""
    payer = [roles.payer] if roles.payer is not None and (received or roles.owner) else []
    places = [*payer, *roles.titles] if received else [*roles.titles[:1], *payer, *roles.titles[1:]]
    for place in places:
        text = row[place]
        if (is_telling(text) and text != roles.owner) or (place == roles.names and is_short_name(text)):
            return text
    others = [row[place] for place in (*roles.instead, *places) if row[place]]
    telling = sorted(filter(is_telling, others), key=names_kind)
    return next(iter([*telling, *(row[place] for place in roles.titles if row[place]), *others]), "")


def note_of(row: Sequence[str], roles: Roles, title: str, currency: str) -> str:
    """What else the row says: payee, purpose, reference, tags, and the amount before its conversion."""
    found: list[str] = []
    for text in (row[place] for place in dict.fromkeys((*roles.notes, *roles.titles[:1]))):
        if text and not title.startswith(text) and text not in found:
            found.append(text)
    if roles.tags is not None and row[roles.tags] and row[roles.tags] != title:
        found.append(_hashtags(row[roles.tags]))
    amount_at, currency_at = roles.original
    if amount_at is not None and not is_zero(row[amount_at]):
        code = row[currency_at] if currency_at is not None else ""
        if code and code != currency:
            found.append(f"{row[amount_at]} {code}")
    return " · ".join(found)


def without_entities(text: str) -> str:
    """A text without the entities of HTML that some banks leave in it: `Fish &amp; Chips` is `Fish & Chips`."""
    return _ENTITY.sub(lambda found: unescape(found[0]), text) if "&" in text else text


def _hashtags(text: str) -> str:
    """A cell with tags, as words with a number sign that can be searched."""
    tags = re.split(r"\s+" if text.startswith("#") else r"[,;|]", text)
    return " ".join(f"#{'-'.join(tag.strip('# ').split())}" for tag in tags if tag.strip("# "))

"""Finds the title and the note of a row among its texts."""

import re
from collections.abc import Sequence
from html import unescape

from expenses.statements.header_words import is_footer_name, is_footer_text
from expenses.statements.notation import is_number, is_zero
from expenses.statements.plain_words import plain_header
from expenses.statements.profile import is_short_name, is_telling, names_kind
from expenses.statements.roles import Roles
from expenses.statements.vocabulary import CELLS, is_exactly

_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,6}|#x[\da-f]{1,5});", re.IGNORECASE)

# A text that only says one of these is a title only if there is no other.
_WAYS = ("out", "in")
_NUMBER = re.compile(r"\s+\d+")
_CODE = re.compile(r"(?=[a-z]*\d)(?=\d*[a-z])[a-z\d]{5,}|(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z\d]{5,}")


def title_of(row: Sequence[str], roles: Roles, *, received: bool) -> str:
    """The first cell that may name the merchant, or who paid; else what the movement is; else any text."""
    is_first = received or roles.names_payees
    payer = [roles.payer] if roles.payer is not None and (is_first or roles.owner) else []
    places = [*payer, *roles.titles] if is_first else [*roles.titles[:1], *payer, *roles.titles[1:]]
    ordered = places
    if len(roles.titles) > 2:  # a name or a purpose says more than the kind in a column before it
        ordered = [*places[:1], *(place for place in places[1:] if not names_kind(row[place])), *places[1:]]
    for place in ordered:
        text = row[place]
        if is_exactly(text, "channel") and place != roles.names:
            continue
        may_be_short = place == roles.names or (place == roles.short and not text.isalpha())
        if (is_telling(text) and text != roles.owner) or (may_be_short and is_short_name(text)):
            return _party_in(row, text) or text
    others = [row[place] for place in (*roles.instead, *places) if row[place]]
    last = [row[place] for place in roles.last if row[place]]
    telling = sorted([text for text in others if is_telling(text) and not is_exactly(text, *_WAYS)], key=_says_little)
    telling = [*(text for text in telling if not _is_code(text)), *filter(is_telling, last), *filter(_is_code, telling)]
    return next(iter([*telling, *(row[place] for place in roles.titles if row[place]), *others, *last]), "")


def _party_in(row: Sequence[str], title: str) -> str:
    """The name in the first cell such as "To: Lena Park" of a row whose title is a kind; "" if there is none."""
    for text in row if names_kind(_NUMBER.sub("", title)) else ():
        label, colon, name = text.partition(":")
        if colon and plain_header(label) in CELLS["way"] and is_telling(name.strip()):
            return name.strip()
    return ""


def _says_little(text: str) -> tuple[bool, bool, bool]:
    """What orders texts by how much they tell about a movement, the most first."""
    return is_exactly(text, "channel"), names_kind(text), is_exactly(text, "tracker")


def _is_code(text: str) -> bool:
    """Whether a text is one word of letters of one size with digits between, such as a1b2c7: an order's number."""
    return bool(_CODE.fullmatch(text))


def note_of(row: Sequence[str], roles: Roles, title: str, currency: str) -> str:
    """What else the row says: payee, purpose, reference, tags, and the amount before its conversion."""
    found: list[str] = []
    for text in (row[place] for place in dict.fromkeys((*roles.notes, *roles.titles[:1]))):
        if any(map(str.isalnum, text)) and not title.startswith(text) and text not in found:
            found.append(text)
    if roles.tags is not None and row[roles.tags] and row[roles.tags] != title:
        found.append(_hashtags(row[roles.tags]))
    amount_at, currency_at = roles.original
    if amount_at is not None and not is_zero(row[amount_at]):
        code = row[currency_at] if currency_at is not None else ""
        if code and code != currency:
            found.append(f"{row[amount_at]} {code}")
    return " · ".join(found)


def states_balance(row: Sequence[str], title: str, day: str) -> bool:
    """Whether a row without an amount is a total or a balance: its title is called so, or begins so beside a number."""
    others = [cell for cell in row if cell not in (title, day) and is_number(cell) and not is_zero(cell)]
    return is_footer_name(title) or (is_footer_text(title) and bool(others))


def without_entities(text: str) -> str:
    """A text without the entities of HTML that some banks leave in it: `Fish &amp; Chips` is `Fish & Chips`."""
    return _ENTITY.sub(lambda found: unescape(found[0]), text) if "&" in text else text


def _hashtags(text: str) -> str:
    """A cell with tags, as words with a number sign that can be searched."""
    tags = re.split(r"\s+" if text.startswith("#") else r"[,;|]", text)
    return " ".join(f"#{'-'.join(tag.strip('# ').split())}" for tag in tags if tag.strip("# "))

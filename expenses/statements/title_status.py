"""Statuses that banks write beside the title of a movement: "Pending: Bakery", "Bakery (pending)"."""

import re

from expenses.statements.vocabulary import is_exactly

_STATUSES = ("cancelled", "pending")
# A status before a title ends with one of these, within so many characters.
_ENDS, _FIRST = (":", " -", " –", "*"), 40
_BEHIND = re.compile(r"(.*\S)\s*[(\[]([^()\[\]]{3,40})[)\]]")
_LONGEST, _PHRASE = 300, 2


def status_beside(title: str) -> str:
    """The status before or behind a title, "" if there is none."""
    texts = [title.partition(end)[0] for end in _ENDS if end in title[:_FIRST]]
    if behind := _behind(title):
        texts.append(behind[2])
    texts.append(_phrase(title))
    if _is_short(title):
        return "pending"
    return next((status for text in texts for status in _STATUSES if is_exactly(text, status)), "")


def without_status(title: str) -> str:
    """A title without the words that say the payment is pending."""
    if (behind := _behind(title)) and is_exactly(behind[2], "pending"):
        return behind[1]
    if is_exactly(_phrase(title), "pending"):
        return title.split(maxsplit=_PHRASE)[_PHRASE]
    if _is_short(title):
        return title.split(maxsplit=1)[1]
    parts = [title.partition(end) for end in (*_ENDS, " ") if end in title[:_FIRST]]
    return next((rest.strip() for start, _end, rest in parts if is_exactly(start, "pending")), title)


def _phrase(title: str) -> str:
    """The first words of a title, if others follow: "Reservert transaksjon" of "Reservert transaksjon Kafe Nord"."""
    words = title[:_FIRST].split()
    return " ".join(words[:_PHRASE]) if len(words) > _PHRASE else ""


def _is_short(title: str) -> bool:
    """Whether a title begins with a short word for pending, such as "Prel" in "Prel Bakery"."""
    first, _, rest = title.partition(" ")
    return bool(rest) and is_exactly(first, "pending short")


def _behind(title: str) -> re.Match[str] | None:
    """A title, and the text in the brackets at its end."""
    return _BEHIND.fullmatch(title) if title.endswith((")", "]")) and len(title) <= _LONGEST else None

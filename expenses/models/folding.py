"""Folds texts into the words that search compares, so that it finds them however they are written. Pure.

Case, accents, niqqud, Arabic vowels and hamzas, tatweel, full width, final letters and the variants of alef, yeh, kaf
and heh make no difference, and hyphens separate words.
"""

import re
import unicodedata

from expenses.models.limits import TITLE_LENGTH

# What a text adds to the index of its ledger.
MOST_WORDS, LONGEST_WORD = 80, 32
# Words of a query, of which every one has to be found.
_MOST_ASKED = 8
# Scripts without spaces between words are cut at every character, into pieces of this length.
_PIECE = 6
_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u06df-\u06e8\u06ea-\u06ed\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_LETTERS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ħ": "h",
        "ı": "i",
        "ŧ": "t",
        "æ": "ae",
        "œ": "oe",
        "ך": "כ",
        "ם": "מ",
        "ן": "נ",
        "ף": "פ",
        "ץ": "צ",
        "ٱ": "ا",
        "ة": "ه",
        "ى": "ي",
        "ی": "ي",
        "ې": "ي",
        "ے": "ي",
        "ک": "ك",
        "ڪ": "ك",
        "ہ": "ه",
        "ھ": "ه",
        "ە": "ه",
    }
)
_OTHER_DIGITS = re.compile(r"[^\D0-9]")
_APOSTROPHES = re.compile("['’‘`´׳״\"]")
_ASCII_WORD = re.compile("[a-z0-9]+")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
# "The", "in", "to" and so on, which Hebrew and Arabic write as the beginning of the next word.
_PREFIXED = re.compile("(?:[והבכלמש](?=[א-ת]{3})|ال(?=[\u0621-\u064a]{2}))(.+)")


class _Separated(dict[int, str]):
    """For str.translate: keeps letters, marks and numbers. Emoji become words, the rest spaces."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        category = unicodedata.category(char)
        self[code] = char if category[0] in "LMN" else f" {char} " if category == "So" else " "
        return self[code]


_SEPARATED = _Separated()


def title_key(title: str) -> str:
    """Return the form of a title used to sort and complete: its folded words, cut to the column's length.

    A title without words is only compared in lower case.
    """
    words = " ".join(part for token in _fold(title).split() for part in _parts(token))
    return (words or plain_key(title))[:TITLE_LENGTH]


def plain_key(title: str) -> str:
    """Return a title without differences of case and width. What was stored under it must not change."""
    return unicodedata.normalize("NFKC", title).casefold()[:TITLE_LENGTH]


def search_words(title: str, note: str) -> list[str]:
    """Return the words under which an expense is found, the title's first: at most MOST_WORDS of LONGEST_WORD letters.

    A name such as "7-Eleven" is found by its parts and without the hyphen. A search finds words by their beginning, so
    scripts without spaces also have pieces from each character on.
    """
    found: dict[str, None] = {}
    for token in (*_fold(title).split(), *_fold(note).split()):
        parts = _parts(token)
        joined = ["".join(parts)] if len(parts) > 1 and not _UNSPACED.search(token) else []
        for word in (*parts, *joined):
            found |= dict.fromkeys(_pieces(word, 1) or (word[:LONGEST_WORD], *_PREFIXED.findall(word[:LONGEST_WORD])))
        if len(found) > MOST_WORDS:
            break
    return [*found][:MOST_WORDS]


def asked_words(text: str) -> list[str]:
    """Return the words of a query, each of which has to begin one of an expense's `search_words`."""
    words = [part for token in _fold(text).split() for part in _parts(token)]
    cut = [piece for word in words for piece in _pieces(word, _PIECE) or [word[:LONGEST_WORD]]]
    return [*dict.fromkeys(cut)][:_MOST_ASKED]


def _fold(text: str) -> str:
    """The text without differences that search ignores, and without apostrophes."""
    if not text.isascii():
        bare = _MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold().translate(_LETTERS)
        text = unicodedata.normalize("NFC", bare)
        text = _OTHER_DIGITS.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)
    return _APOSTROPHES.sub("", text.lower())


def _parts(token: str) -> list[str]:
    if token.isascii():
        return _ASCII_WORD.findall(token)
    return _UNSPACED.sub(r" \g<0> ", token.translate(_SEPARATED)).split()


def _pieces(word: str, step: int) -> list[str]:
    """The pieces of a word in a script without spaces, one at every `step` characters; empty for other words."""
    return [word[at : at + _PIECE] for at in range(0, len(word), step)] if _UNSPACED.match(word) else []

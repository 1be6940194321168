"""Decodes text files in whatever encoding the bank uses."""

import codecs
import re
import unicodedata

from charset_normalizer import from_bytes

from expenses.statements.plain import plain_header
from expenses.statements.vocabulary import HEADERS

_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# Hebrew letters that only end words.
_FINAL = "ךםןףץ"
# The letters that distinguish each Windows encoding from the others. If several fit, the first one wins.
_LETTERS = {
    "cp1252": "àáâãäåæçèéêëìíîïñòóôõöøùúûüÿßœªº",
    "cp1250": "ąćęłńóśźżáčďéěíňřšťúůýžäöüßőűăâîșț",
    "cp1254": "çğıiöşü",
    "cp1255": "אבגדהוזחטיכלמנסעפצקרשת" + _FINAL,
    "cp1251": "абвгдеёжзийклмнопрстуфхцчшщъыьэюяієїґў",
    "cp1253": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋ",
    "cp1256": "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچژگ",
}
_HARMLESS_SIGNS = set("€£¥₪§°–—‘’“”„…«»·•\xa0\xad®©²³½")
WORD = re.compile(r"[^\W\d_]+\d?")
LOOKED_AT = 60_000
_CELL_END = re.compile(r"[,;\t|\n\"]+")
# The names of the columns are among this many cells.
_HEADER_CELLS = 200
_WEIGHT_OF_NAME = 20


def decode(data: bytes, hint: str = "") -> str | None:
    """Decode a file; None if it is not text.

    hint: the encoding that the file itself names, used only if the bytes are not UTF-8.
    """
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return _try_decode(data, encoding)
    if b"\x00" in data:
        return _without_mark(data)
    text = _try_decode(data, "utf-8")
    if text is None and hint:
        text = _try_decode(data, hint)
    return _legacy(data) if text is None else text


def _try_decode(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _without_mark(data: bytes) -> str | None:
    """Decode UTF-16 without a byte order mark: in most characters the same one of the two bytes is zero."""
    half = len(data) // 2
    for encoding, zeros in (("utf-16-le", data[1::2]), ("utf-16-be", data[0::2])):
        text = _try_decode(data, encoding) if zeros.count(0) > half * 0.4 else None
        if text and "\x00" not in text:
            return text
    return None


def _legacy(data: bytes) -> str | None:
    """Decode text in a single-byte encoding, or in an older Asian one.

    Statements are short and mostly digits, so charset-normalizer often mistakes Hebrew for Russian and German for
    Polish. Therefore the letters are scored here first, and charset-normalizer decides only if none of them fits.
    """
    scores = {}
    for encoding in _LETTERS:
        text = _try_decode(data, encoding)
        if text is not None:
            scores[encoding] = _score(text[:LOOKED_AT], _LETTERS[encoding])
    best = max(scores, key=scores.__getitem__, default="")
    if best and scores[best] >= 0:
        return _try_decode(data, best)
    found = from_bytes(data[:LOOKED_AT]).best()
    return (_try_decode(data, found.encoding) if found else None) or _try_decode(data, best or "cp1252")


def _score(text: str, letters: str) -> int:
    """Score how well a text fits an encoding: words in its letters count for it, stray symbols against it."""
    total = known_names(text) * _WEIGHT_OF_NAME - sum(2 for char in text if not char.isascii() and _is_stray(char))
    for word in WORD.findall(text):
        if not word.isascii():
            total += len(word) if _fits(word, letters) else -len(word)
    return total


def known_names(text: str) -> int:
    """Count the column names with non-ASCII letters, which are readable in the right encoding only."""
    cells = _CELL_END.split(text, _HEADER_CELLS)[:_HEADER_CELLS]
    return sum(any(plain_header(cell) in words for words in HEADERS.values()) for cell in cells if not cell.isascii())


def _is_stray(char: str) -> bool:
    return unicodedata.category(char)[0] != "L" and char not in _HARMLESS_SIGNS


def _fits(word: str, letters: str) -> bool:
    """Whether a word looks real: one script, no capital after a small letter, few accents among Latin letters."""
    if any(char in _FINAL for char in word[:-1]):
        return False
    foreign = [char for char in word if not char.isascii()]
    cased = word == word.lower() or word.isupper() or word.istitle()
    if not cased or word[-1].isdigit() or any(char.lower() not in letters for char in foreign):
        return False
    if "LATIN" in unicodedata.name(foreign[0], ""):
        return len(foreign) <= max(1, len(word) // 2)
    return len(foreign) == len(word)

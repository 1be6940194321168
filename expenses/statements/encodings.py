"""Decodes text files in whatever encoding the bank uses."""

import codecs
import csv
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from charset_normalizer import from_bytes

from expenses.statements.plain_words import plain_header
from expenses.statements.vocabulary import HEADERS, LANGUAGES

_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# Hebrew letters that only end words.
_FINAL = "ךםןףץ"
# Encodings with several bytes for a letter.
_WIDE = ("cp932", "cp949", "gb18030", "big5", "euc_jp")
# A text in a language's letters only is likelier than one in the letters of several languages.
_SEVERAL = 0.6
_HARMLESS_SIGNS = set("€£¥₪§°–—‘’“”„…«»·•\xa0\xad®©²³½")
_WORD = re.compile(r"[^\W\d_]+\d?")
_LOOKED_AT = 60_000
# Bytes that decide about single-byte encodings. Decoding five megabytes in each of twenty takes a second.
_SCORED = 500_000
# The most frequent different words decide. In noise every word is another one.
_MOST_WORDS = 1_500
# The most frequent letters of Cyrillic languages, which tell small letters from capitals in another encoding.
_COMMON, _USUAL = set("оеаинтсрвлкіј"), 0.65
_ASCII, _ESCAPED = re.compile(r"[\x00-\x7f]+"), re.compile("[\udc80-\udcff]+")
# Lines that decide about the encoding of those that aren't UTF-8.
_MOST_LINES = 5_000
_CELL_END = re.compile(r"[,;\t|\n\"]+")
# The names of the columns are among this many cells.
_HEADER_CELLS = 200
_WEIGHT_OF_NAME = 20


def _read_alphabets() -> dict[str, list[tuple[str, str]]]:
    """The languages with their letters beyond ASCII, by encoding. If several fit, the first encoding wins."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    with Path(__file__).with_name("words").joinpath("letters.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for rank in range(max(len(row["encodings"].split()) for row in rows)):
        for row in rows:
            for encoding in row["encodings"].split()[rank : rank + 1]:
                found[encoding].append((row["language"], row["letters"]))
    return dict(found)


_ALPHABETS = _read_alphabets()


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
    if text is None:
        text = _mixed(data)
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


def _mixed(data: bytes) -> str | None:
    """Decode a file whose lines are partly UTF-8, partly in a single-byte encoding; None if it is no such file.

    Text in another encoding is almost never valid UTF-8 by chance.
    """
    text = data.decode("utf-8", "surrogateescape")
    counts = Counter(_ASCII.sub("", text)[:_SCORED]).items()
    escaped = sum(count for char, count in counts if "\udc80" <= char <= "\udcff")
    valid = sum(count for char, count in counts if unicodedata.category(char)[0] == "L")
    if valid < escaped or not valid:
        return None
    legacy = islice((line for line in text.split("\n") if not line.isascii() and _ESCAPED.search(line)), _MOST_LINES)
    encoding = _single_byte(_bytes_of("\n".join(legacy)))[0] or "cp1252"
    return _ESCAPED.sub(lambda found: _bytes_of(found[0]).decode(encoding, "replace"), text)


def _bytes_of(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _legacy(data: bytes) -> str | None:
    """Decode text in a single-byte encoding, or in an older Asian one.

    Statements are short and mostly digits, so charset-normalizer often mistakes Hebrew for Russian and German for
    Polish. Therefore the letters are scored here first, and charset-normalizer decides only if none of them fits.
    """
    best, score = _single_byte(data)
    wide = {encoding: _readable_names(text) for encoding in _WIDE if (text := _try_decode(data, encoding)) is not None}
    asian = max(wide, key=wide.__getitem__, default="")
    if asian and wide[asian] and wide[asian] * _WEIGHT_OF_NAME > score:
        return _try_decode(data, asian)
    if best and score >= 0:
        return data.decode(best, "replace")
    if (japanese := _try_decode(data, "cp932")) and _is_kana(japanese):
        return japanese
    found = from_bytes(data[:_LOOKED_AT]).best()
    return (_try_decode(data, found.encoding) if found else None) or _try_decode(data, best or "cp1252")


def _is_kana(text: str) -> bool:
    """Whether most letters beyond ASCII are those of Japanese syllables, which other encodings don't give by chance."""
    letters = [char for char in text[:_LOOKED_AT] if not char.isascii() and char.isalpha()]
    return sum("\u3040" <= char <= "\u30ff" for char in letters) * 2 > len(letters)


def _single_byte(data: bytes) -> tuple[str, float]:
    """The single-byte encoding whose letters fit best, and its score; ("", 0) if none can decode the file."""
    data = data[:_SCORED]
    best, most = "", -float("inf")
    named = _ascii_names(data)
    for encoding, alphabets in _ALPHABETS.items():
        text = _try_decode(data, encoding)
        if text is None:
            continue
        foreign = Counter(word for word in _WORD.findall(text[:_LOOKED_AT]) if not word.isascii())
        words = foreign.most_common(_MOST_WORDS)
        common = _readable_names(text) * _WEIGHT_OF_NAME - _strays(text[:_LOOKED_AT])
        scores = [_score(words, letters) + _hint(named, language) for language, letters in alphabets]
        several = "".join(letters for _language, letters in alphabets)
        score = common + max(*scores, _SEVERAL * _score(words, several) if len(alphabets) > 1 else scores[0])
        if score > most:
            best, most = encoding, score
    return best, most if best else 0


def _ascii_names(data: bytes) -> Counter[str]:
    """How many names of columns without accents there are in each language. English ones may be in any file."""
    cells = _CELL_END.split(data[:_LOOKED_AT].decode("ascii", "ignore"), _HEADER_CELLS)[:_HEADER_CELLS]
    return Counter(language for cell in cells for language in LANGUAGES.get(plain_header(cell), ()) if language != "en")


def _hint(named: Counter[str], language: str) -> float:
    """Evidence for a language from names of columns without accents."""
    return min(named[language], 3)


def _strays(text: str) -> int:
    """Twice the number of symbols that hardly occur in statements. Control characters never do."""
    counts = [(char, count) for char, count in Counter(text).items() if not char.isascii()]
    return sum((20 if char < "\xa0" else 2) * count for char, count in counts if _is_stray(char))


def _score(words: Sequence[tuple[str, int]], letters: str) -> float:
    """Score how well words fit an alphabet: those in its letters count for it, the others against it.

    words: with their counts. In languages with capitals, rare letters such as ъ in most words are unlikely.
    """
    total = 0.0
    for word, count in words:
        total += count * (len(word) if _fits(word, letters) else -len(word))
        if "о" in letters:
            common = sum(char in _COMMON for char in word.lower())
            total += count * 0.4 * (common - len(word) * _USUAL)
    return total


def _readable_names(text: str) -> int:
    """Count the column names with non-ASCII letters, which are readable in the right encoding only."""
    cells = _CELL_END.split(text[:_LOOKED_AT], _HEADER_CELLS)[:_HEADER_CELLS]
    return sum(any(plain_header(cell) in words for words in HEADERS.values()) for cell in cells if not cell.isascii())


def _is_stray(char: str) -> bool:
    return unicodedata.category(char)[0] != "L" and char not in _HARMLESS_SIGNS


def _fits(word: str, letters: str) -> bool:
    """Whether a word looks real: one script, no capital after a small letter, few accents among Latin letters."""
    if any(char in _FINAL for char in word[:-1]):
        return False
    foreign = [char for char in word if not char.isascii()]
    cased = word == word.lower() or word.isupper() or word.istitle()
    if not cased or word[-1].isdigit() or any(char not in letters and char.lower() not in letters for char in foreign):
        return False
    if "LATIN" in unicodedata.name(foreign[0], ""):
        return len(foreign) <= max(1, len(word) // 2)
    return len(foreign) == len(word)

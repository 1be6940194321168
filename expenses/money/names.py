"""The names of currencies in English and Hebrew, from CLDR: `hryvnia`, `US dollars`, `לירה מצרית`."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from babel import Locale
from babel.numbers import get_currency_name

from expenses.money.codes import CURRENT, ENDED
from expenses.money.words import KRONER, normal_word

# Names in addition to CLDR's in English and Hebrew, in the form that `name_key` returns.
_OTHER_NAMES: dict[str, frozenset[str]] = {
    "colones": frozenset({"CRC", "SVC"}),
    "grivna": frozenset({"UAH"}),
    "hryvna": frozenset({"UAH"}),
    "quid": frozenset({"GBP"}),
    "renminbi": frozenset({"CNY"}),
    "rouble": frozenset({"RUB", "BYN"}),
    "roubles": frozenset({"RUB", "BYN"}),
    "złoty": frozenset({"PLN"}),
    "הריבניה": frozenset({"UAH"}),
    "הריבניה אוקראינית": frozenset({"UAH"}),
    "גריבנה": frozenset({"UAH"}),
    "דירהם אמירתי": frozenset({"AED"}),
    "לירה טורקית": frozenset({"TRY"}),
    "יורו": frozenset({"EUR"}),
    "לישט": frozenset({"GBP"}),
    "פאונד": frozenset({"GBP"}),
    "באט": frozenset({"THB"}),
    "קרונה": KRONER | {"CZK"},
    "קרונות": KRONER | {"CZK"},
}
# CLDR has few Hebrew plurals.
_HEBREW_PLURALS = {
    "דולרים": "דולר",
    "דינרים": "דינר",
    "דירהמים": "דירהם",
    "לירות": "לירה",
    "פרנקים": "פרנק",
    "רובלים": "רובל",
    "שילינגים": "שילינג",
}
# Nouns of CLDR's names that mean something else by themselves: gold, real, soup, heart.
_NO_NOUNS = frozenset({"gold", "mark", "marks", "real", "לאו", "לב", "לט", "לק", "מרק"})


def codes_named(word: str) -> frozenset[str]:
    """Return the currencies that a word or name stands for in English or Hebrew: `hryvnia`, `US dollars`, `לירה`."""
    return _names().get(name_key(word), frozenset())


def name_key(text: str) -> str:
    """Return a name as a key of the tables: as a word, without accents, hyphens, apostrophes and quotation marks."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if unicodedata.category(char) != "Mn")
    return re.sub("[-־\"'’ʻ׳״]", "", normal_word(plain))


@cache
def _names() -> dict[str, frozenset[str]]:
    """Return the names of all currencies and the nouns in them. Currencies in use come before those that have ended."""
    names = _by_name(CURRENT)
    for word, codes in _OTHER_NAMES.items():
        names[word] |= codes
    for plural, word in _HEBREW_PLURALS.items():
        names[plural] |= names[word]
    found = _by_name(ENDED) | names
    return {name: frozenset(codes) for name, codes in found.items() if name not in _NO_NOUNS}


def _by_name(codes: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for code in codes:
        for name in _names_of(code):
            found[name].add(code)
    return found


def _names_of(code: str) -> set[str]:
    """Return a currency's names in English and Hebrew, and their nouns, the last and the first word."""
    names = set()
    for language, place in (("en", -1), ("he", 0)):
        for count in (None, 1, 2, 10):
            name = name_key(re.sub(r"\(.*?\)", "", get_currency_name(code, count, Locale(language))))
            noun = name.split()[place]
            names |= {name, noun, f"{noun}s"} if (language, count) == ("en", 1) else {name, noun}
    return names

"""The signs and words that people use for currencies: `$`, `NIS`, `kr`."""

import unicodedata
from functools import lru_cache

from expenses.money.codes import KNOWN
from expenses.money.formatting import symbol

_DOLLARS = frozenset(["USD", "AUD", "CAD", "HKD", "MXN", "NZD", "SGD"])
_KRONER = frozenset(["SEK", "NOK", "DKK", "ISK", "EEK"])
_YENS = frozenset({"JPY", "CNY"})
_POUNDS = frozenset({"GBP", "CYP"})

# Signs and words in addition to Babel's for the person's locale. The keys are in the form that `normal_word` returns.
WORDS: dict[str, frozenset[str]] = {
    "$": _DOLLARS,
    "us$": frozenset({"USD"}),
    "a$": frozenset({"AUD"}),
    "au$": frozenset({"AUD"}),
    "c$": frozenset({"CAD"}),
    "ca$": frozenset({"CAD"}),
    "hk$": frozenset({"HKD"}),
    "mx$": frozenset({"MXN"}),
    "nz$": frozenset({"NZD"}),
    "s$": frozenset({"SGD"}),
    "r$": frozenset({"BRL"}),
    "€": frozenset({"EUR"}),
    "£": _POUNDS,
    "¥": _YENS,
    "円": frozenset({"JPY"}),
    "元": frozenset({"CNY"}),
    "rmb": frozenset({"CNY"}),
    "₪": frozenset({"ILS"}),
    "nis": frozenset({"ILS"}),
    "שח": frozenset({"ILS"}),
    'ש"ח': frozenset({"ILS"}),
    "ש״ח": frozenset({"ILS"}),
    "₹": frozenset({"INR"}),
    "rs": frozenset({"INR"}),
    "₺": frozenset({"TRY"}),
    "tl": frozenset({"TRY", "TRL"}),
    "₩": frozenset({"KRW"}),
    "฿": frozenset({"THB"}),
    "₱": frozenset({"PHP"}),
    "₽": frozenset({"RUB"}),
    "zł": frozenset({"PLN"}),
    "kč": frozenset({"CZK"}),
    "ft": frozenset({"HUF"}),
    "kr": _KRONER,
    "fr": frozenset({"CHF"}),
    "sfr": frozenset({"CHF"}),
    "lei": frozenset({"RON", "ROL"}),
    "лв": frozenset({"BGN"}),
    "rp": frozenset({"IDR"}),
    "rm": frozenset({"MYR"}),
    "r": frozenset({"ZAR"}),
}
# The meaning of a sign if neither the default currency nor the locale decides. No crown is the obvious one.
USUAL = {_DOLLARS: "USD", _YENS: "JPY", _POUNDS: "GBP", WORDS["tl"]: "TRY", WORDS["lei"]: "RON"}


def normal_word(text: str) -> str:
    """Return a currency word as a key of the tables: casefolded, without direction marks, outer spaces and dots."""
    if text.isascii():
        return text.strip(" .").casefold()
    visible = "".join(char for char in text if unicodedata.category(char) != "Cf")
    return unicodedata.normalize("NFKC", visible).strip(" .").casefold()


@lru_cache(maxsize=64)
def locale_words(locale: str | None) -> dict[str, frozenset[str]]:
    """Return the locale's signs for currencies: {"$": {"CAD"}} in Canada."""
    words: dict[str, frozenset[str]] = {}
    for code in KNOWN:
        word = normal_word(symbol(code, locale))
        words[word] = words.get(word, frozenset()) | {code}
    return words

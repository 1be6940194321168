"""The signs and words that people use for currencies: `$`, `NIS`, `kr`, and what shared ones usually mean."""

import unicodedata
from functools import lru_cache

from expenses.money.codes import KNOWN
from expenses.money.formatting import symbol

# fmt: off
_DOLLARS = frozenset([
    "USD", "ARS", "AUD", "BBD", "BMD", "BND", "BSD", "BZD", "CAD", "CLP", "COP", "CUP", "DOP", "FJD", "GYD", "HKD",
    "JMD", "KYD", "LRD", "MXN", "NAD", "NZD", "SBD", "SGD", "SRD", "TTD", "TWD", "UYU", "XCD",
])
# fmt: on
KRONER = frozenset(["SEK", "NOK", "DKK", "ISK", "EEK"])
_YENS = frozenset({"JPY", "CNY"})
_POUNDS = frozenset({"GBP", "EGP", "FKP", "GIP", "LBP", "SDG", "SHP", "SSP", "SYP", "CYP"})
_RUPEES = frozenset({"INR", "LKR", "MUR", "NPR", "PKR", "SCR"})
_RIALS = frozenset({"IRR", "OMR", "QAR", "SAR", "YER"})

# Signs and words in addition to Babel's for the person's locale. The keys are in the form that `normal_word` returns.
WORDS: dict[str, frozenset[str]] = {
    "$": _DOLLARS,
    "us$": frozenset({"USD"}),
    "a$": frozenset({"AUD"}),
    "au$": frozenset({"AUD"}),
    "c$": frozenset({"CAD", "NIO"}),
    "ca$": frozenset({"CAD"}),
    "hk$": frozenset({"HKD"}),
    "mx$": frozenset({"MXN"}),
    "nz$": frozenset({"NZD"}),
    "s$": frozenset({"SGD"}),
    "r$": frozenset({"BRL"}),
    "bds$": frozenset({"BBD"}),
    "bz$": frozenset({"BZD"}),
    "ec$": frozenset({"XCD"}),
    "fj$": frozenset({"FJD"}),
    "j$": frozenset({"JMD"}),
    "n$": frozenset({"NAD"}),
    "nt$": frozenset({"TWD"}),
    "rd$": frozenset({"DOP"}),
    "t$": frozenset({"TOP"}),
    "tt$": frozenset({"TTD"}),
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
    "rs": _RUPEES,
    "₺": frozenset({"TRY"}),
    "tl": frozenset({"TRY", "TRL"}),
    "₩": frozenset({"KRW"}),
    "฿": frozenset({"THB"}),
    "₱": frozenset({"PHP"}),
    "₽": frozenset({"RUB"}),
    "руб": frozenset({"RUB"}),
    "rur": frozenset({"RUB"}),
    "₴": frozenset({"UAH"}),
    "грн": frozenset({"UAH"}),
    "₫": frozenset({"VND"}),
    "đ": frozenset({"VND"}),
    "₦": frozenset({"NGN"}),
    "₵": frozenset({"GHS"}),
    "₡": frozenset({"CRC", "SVC"}),
    "₲": frozenset({"PYG"}),
    "₸": frozenset({"KZT"}),
    "₮": frozenset({"MNT"}),
    "₭": frozenset({"LAK"}),
    "₼": frozenset({"AZN"}),
    "₾": frozenset({"GEL"}),
    "֏": frozenset({"AMD"}),
    "៛": frozenset({"KHR"}),
    "৳": frozenset({"BDT"}),
    "؋": frozenset({"AFN"}),
    "s/": frozenset({"PEN"}),
    "b/": frozenset({"PAB"}),
    "ریال": _RIALS,
    "د.إ": frozenset({"AED"}),
    "د.ا": frozenset({"JOD"}),
    "د.أ": frozenset({"JOD"}),
    "د.ب": frozenset({"BHD"}),
    "د.ت": frozenset({"TND"}),
    "د.ج": frozenset({"DZD"}),
    "د.ع": frozenset({"IQD"}),
    "د.ك": frozenset({"KWD"}),
    "د.ل": frozenset({"LYD"}),
    "د.م": frozenset({"MAD"}),
    "ر.س": frozenset({"SAR"}),
    "ر.ع": frozenset({"OMR"}),
    "ر.ق": frozenset({"QAR"}),
    "ر.ي": frozenset({"YER"}),
    "ج.م": frozenset({"EGP"}),
    "ج.س": frozenset({"SDG"}),
    "ل.س": frozenset({"SYP"}),
    "ل.ل": frozenset({"LBP"}),
    "dm": frozenset({"DEM"}),
    "zł": frozenset({"PLN"}),
    "kč": frozenset({"CZK"}),
    "ft": frozenset({"HUF"}),
    "kr": KRONER,
    "fr": frozenset({"CHF"}),
    "sfr": frozenset({"CHF"}),
    "lei": frozenset({"RON", "ROL", "MDL"}),
    "лв": frozenset({"BGN"}),
    "rp": frozenset({"IDR"}),
    "rm": frozenset({"MYR"}),
    "r": frozenset({"ZAR"}),
}
# What a shared sign or name means if neither the default currency nor the locale decides. Of crowns, dinars, pesos and
# rials none is the obvious one.
_USUALLY = {
    "USD": "$ dollar dollars דולר דולרים",
    "GBP": "£ pound pounds פאונד",
    "JPY": "¥",
    "CHF": "franc francs פרנק פרנקים",
    "AED": "dirham dirhams דירהם דירהמים",
    "CAD": "c$",
    "CRC": "₡",
    "INR": "rs rupee rupees רופי",
    "KRW": "won וון",
    "RON": "lei leu",
    "RUB": "ruble rubles rouble roubles רובל רובלים",
    "TRY": "tl lira liras",
    "VES": "bolivar bolivars",
}
USUAL = {word: code for code, words in _USUALLY.items() for word in words.split()}
# Codes that are also words or names: "pizza 1 all" does not mean Albanian leks.
# fmt: off
ALSO_WORDS = frozenset((
    "ada", "all", "amd", "ang", "bam", "bob", "che", "cop", "cup", "dem", "dot", "esp", "fim", "gel", "mad", "mop",
    "mur", "pen", "sit", "sos", "std", "top", "xxx",
))
# fmt: on


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

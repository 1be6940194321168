"""The languages of countries in the training files. Pure."""

import re

from classifier.training_files import TrainingEntry

_SPOKEN_IN = {
    "he": "il",
    "de": "de at ch",
    "fr": "fr be",
    "es": "es mx ar co cl pe",
    "it": "it",
    "nl": "nl",
    "pt": "pt br",
    "ro": "ro",
    "hu": "hu",
    "el": "gr",
    "tr": "tr",
    "ru": "ru",
    "uk": "ua",
    "ar": "sa ae eg",
    "vi": "vn",
    "id": "id",
    "ja": "jp",
    "zh": "cn tw hk",
    "ko": "kr",
    "da": "dk",
}
LANGUAGES = {country: language for language, countries in _SPOKEN_IN.items() for country in countries.split()}
_ENGLISH_COUNTRIES = ("us", "gb", "ca", "au", "nz", "in", "za", "ie")
# The countries whose cities fit a language. Of other codes, the country with the same code.
COUNTRIES = {
    "en": _ENGLISH_COUNTRIES,
    "he": ("il",),
    "de": ("de", "at", "ch"),
    "fr": ("fr", "be"),
    "nl": ("nl", "be"),
    "el": ("gr",),
    "da": ("dk",),
}
_LATIN = re.compile(r"[a-z]", re.IGNORECASE)


def language_of(entry: TrainingEntry) -> str:
    """Return the language of a term or line, or for a merchant the language of its country and script."""
    if entry.kind != "merchant":
        return entry.region
    if entry.region == "il" and _LATIN.search(entry.text):
        return "en"
    return "en" if entry.region in (*_ENGLISH_COUNTRIES, "global") else LANGUAGES.get(entry.region, entry.region)

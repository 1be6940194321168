"""Makes up the history of a person: a year of titles from the held-out ones of the tests, most of them repeated.

The same seed gives the same person. Each has a language, habits, a few places that nobody else knows, and a few titles
that they file as only they would.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from random import Random

DATA = Path(__file__).resolve().parents[1] / "classifier/tests/data"
ENGLISH = ("en-typed", "en-bank", "en-merchants", "local-bank", "notes", "typed", "sentence", "card")
HEBREW = ("he-typed", "he-bank", "he")
# Languages of people, English and Hebrew ones three times as often as each of the others.
LANGUAGES = (
    *(ENGLISH,) * 6,
    *(HEBREW,) * 3,
    *((group,) for group in ("es-latam", "pt-br", "ru", "ar", "de", "fr", "it", "pl", "nl", "tr")),
)
ENTRIES, TITLES, OWN_PLACES = 420, 130, 8
OWN_WAY_SHARE = 0.04
NUMBERED_SHARE = 0.3
_SYLLABLES = ("ba", "ke", "lo", "mi", "nu", "ra", "si", "to", "va", "ze", "gri", "plo", "sha", "tra", "kel", "mor")


def history(seed: int) -> list[tuple[str, str]]:
    """Return (title, category slug) pairs in the order of their days."""
    from classifier.training_samples import PRIOR

    random = Random(f"person {seed}")
    groups = random.choice(LANGUAGES)
    by_category: dict[str, list[str]] = {}
    for group, text, category in _titles():
        if group in groups:
            by_category.setdefault(category, []).append(text)
    shares = list(PRIOR.values())
    known: dict[str, str] = {}
    for category in random.choices(list(PRIOR), shares, k=TITLES):
        title = random.choice(by_category[category])
        known[title] = random.choice(list(PRIOR)) if random.random() < OWN_WAY_SHARE else category
    for category in random.choices(list(PRIOR), shares, k=OWN_PLACES):
        known["".join(random.choices(_SYLLABLES, k=3)).title()] = category
    titles = random.sample(list(known), len(known))
    habits = [1 / (place + 3) for place in range(len(titles))]  # a few titles make up much of a year
    return [(_written(title, random), known[title]) for title in random.choices(titles, habits, k=ENTRIES)]


def _written(title: str, random: Random) -> str:
    """Return the title as a bank prints it this time, if it is in capitals: often with another number."""
    if title.upper() == title and title.isascii() and random.random() < NUMBERED_SHARE:
        return f"{title} {random.randrange(100, 9999)}"
    return title


def _titles() -> Iterator[tuple[str, str, str]]:
    """Yield (group, title, category) of the held-out titles."""
    for name, column in (("fresh.csv", "group"), ("held_out.csv", "style")):
        with (DATA / name).open(encoding="utf-8", newline="") as file:
            yield from ((row[column], row["text"], row["category"]) for row in csv.DictReader(file))

"""Turn the training files into weighted samples that look like the texts of people and banks. Pure.

Deterministic: each entry has its own random generator, seeded with its text, so that a new row changes few others.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from classifier.languages import COUNTRIES, LANGUAGES, language_of
from classifier.text import normalise
from classifier.training_files import Pattern, TrainingData, TrainingEntry

# The share of each category among the expenses of people. About half are Food & Drinks.
PRIOR = {
    "food-drinks": 0.48,
    "housing-bills": 0.08,
    "transportation": 0.13,
    "education-growth": 0.03,
    "health-essentials": 0.11,
    "leisure-gifts": 0.11,
    "other": 0.06,
}

# The styles of each kind of entry, with their relative frequency.
_STYLES_OF_KIND = {
    "merchant": {"typed": 2, "sentence": 1, "card": 5, "bank": 1},
    "place": {"typed": 2, "sentence": 2, "card": 4},
    "item": {"typed": 3, "sentence": 3, "card": 1},
    "service": {"typed": 2, "sentence": 2, "card": 2},
    "bill": {"typed": 2, "sentence": 2, "bank": 2},
    "event": {"typed": 2, "sentence": 2, "card": 1},
    "fee": {"typed": 2, "sentence": 1, "bank": 2, "card": 1},
    "transfer": {"typed": 2, "sentence": 1, "bank": 3},
}
_STATEMENT_STYLES = frozenset({"card", "bank"})
# The number of patterns for an entry of each weight.
_PATTERNS = {1: 1, 2: 1, 3: 2, 4: 3, 5: 5}
_PLAIN_SHARE = 0.4
_TYPO_SHARE = 0.12
_CUT_SHARE = 0.2
# How often a line with placeholders is written, and the weight of each.
_FILLINGS, _FILLED_WEIGHT = 12, 0.5
# The share of cities among stops.
_CITY_SHARE = 0.6

_PLACEHOLDER = re.compile(r"{(\w+)}")


@dataclass(frozen=True)
class Sample:
    """A normalised training text. group: shared by the samples of a word or merchant, which are held out together."""

    text: str
    category: str
    weight: float
    group: str
    language: str


def samples(data: TrainingData) -> list[Sample]:
    """Return all training samples in a fixed order, with weights that follow `PRIOR`."""
    writer = _Writer(data)
    first: dict[tuple[str, str], tuple[str, str]] = {}
    masses: dict[tuple[str, str], float] = defaultdict(float)
    for entry in (*data.terms, *data.merchants, *data.lines, *_new_brands(data)):
        language, plain = language_of(entry), normalise(entry.text)
        group = _group(plain)
        for text, mass in writer.write(entry):
            if normalised := plain if text == entry.text else normalise(text):
                first.setdefault((normalised, entry.category), (group, language))
                masses[normalised, entry.category] += mass
    return _weighted([Sample(*key, masses[key], *first[key]) for key in first])


def _new_brands(data: TrainingData) -> Iterator[TrainingEntry]:
    """Yield each brand once, unless it is already a term or merchant: what is written by hand decides."""
    known = {entry.text.casefold() for entry in (*data.terms, *data.merchants)}
    for brand in data.brands:
        name = brand.text.casefold()
        if name not in known:
            known.add(name)
            yield brand


def group_of(text: str) -> str:
    """Return the start of a text without spaces, the same for "wal mart", "WALMART #12" and "Walmart Supercenter"."""
    return _group(normalise(text))


def _group(normalised: str) -> str:
    return normalised.replace(" ", "")[:7]


def _weighted(found: list[Sample]) -> list[Sample]:
    """Weight the samples by `PRIOR`, separately for English, Hebrew and all other languages. Average weight: 1."""
    totals: dict[tuple[str, str], float] = defaultdict(float)
    sizes: dict[str, int] = defaultdict(int)
    for sample in found:
        family = _family(sample)
        totals[family, sample.category] += sample.weight
        sizes[family] += 1
    factors = {key: PRIOR[key[1]] * sizes[key[0]] / total for key, total in totals.items()}
    return [replace(sample, weight=sample.weight * factors[_family(sample), sample.category]) for sample in found]


def _family(sample: Sample) -> str:
    return sample.language if sample.language in ("en", "he") else "other"


class _Writer:
    """Writes entries in the styles of their kind, with names, cities and other entries around them."""

    def __init__(self, data: TrainingData) -> None:
        self.data = data
        self.patterns: dict[tuple[str, str, str], list[Pattern]] = {}
        for pattern in data.patterns:
            self.patterns.setdefault((pattern.language, pattern.style, pattern.kind), []).append(pattern)
        self.written = {pattern.language for pattern in data.patterns}
        self.fitting: dict[tuple[str, str, str], list[Pattern]] = {}
        self.of_kind: dict[tuple[str, str], list[TrainingEntry]] = {}
        for entry in data.terms:
            self.of_kind.setdefault((entry.region, entry.kind), []).append(entry)
        for entry in data.merchants:
            self.of_kind.setdefault((language_of(entry), "merchant"), []).append(entry)
        self.cities = {
            code: [place for country in COUNTRIES.get(code, (code,)) for place in data.cities.get(country, ())]
            for code in (*LANGUAGES.values(), *COUNTRIES, *data.cities)
        }
        self.everywhere = [city for country in data.cities for city, _ in data.cities[country] if city.isascii()]

    def write(self, entry: TrainingEntry) -> Iterator[tuple[str, float]]:
        """Yield (text, weight) pairs: the entry itself, and the entry in patterns, more of them for common entries.

        A line with placeholders is written in a dozen ways.
        """
        random = Random(f"{entry.text}|{entry.category}|{entry.region}")  # noqa: S311 - not a secret
        if entry.kind == "line" and "{" in entry.text:
            yield from ((self._fill_line(entry, random), _FILLED_WEIGHT) for _ in range(_FILLINGS))
            return
        mass = float(entry.weight) ** 0.5
        chosen = self._choose(entry, random)
        yield entry.text, mass * (_PLAIN_SHARE if chosen else 1.0)
        for pattern in chosen:
            text = self._fill(pattern, entry, random)
            yield _damage(text, pattern.style, random), mass * (1 - _PLAIN_SHARE) / len(chosen)

    def _choose(self, entry: TrainingEntry, random: Random) -> list[Pattern]:
        """Choose different patterns in the styles of the entry's kind, more of them for common entries."""
        styles = _STYLES_OF_KIND.get(entry.kind)
        if not styles:
            return []
        drawn = random.choices(list(styles), weights=list(styles.values()), k=_PATTERNS[entry.weight])
        chosen: list[Pattern] = []
        for style, count in Counter(drawn).items():
            found = self._fitting(entry, style)
            chosen += random.sample(found, min(count, len(found)))
        return chosen

    def _fitting(self, entry: TrainingEntry, style: str) -> list[Pattern]:
        language = language_of(entry)
        key = (language, style, entry.kind)
        if key not in self.fitting:
            own = language in self.written
            self.fitting[key] = [
                pattern
                for each in ([language, "any"] if own else ["any", "en"])
                for kind in (entry.kind, "any")
                for pattern in self.patterns.get((each, style, kind), ())
            ]
        return self.fitting[key]

    def _fill(self, pattern: Pattern, entry: TrainingEntry, random: Random) -> str:
        language = language_of(entry)
        country = entry.region if entry.kind == "merchant" and entry.region in self.cities else language
        city, region = random.choice(self.cities.get(country) or self.cities["en"])
        values = {"x": entry.text, "city": city, "state": region}

        def value(match: re.Match[str]) -> str:
            name = match[1]
            return values[name] if name in values else self._drawn(name, entry, random)

        text = _PLACEHOLDER.sub(value, pattern.text)
        return text.upper() if pattern.style in _STATEMENT_STYLES else text

    def _fill_line(self, line: TrainingEntry, random: Random) -> str:
        cities = self.everywhere if line.region == "en" else [city for city, _ in self.cities.get(line.region, ())]
        stops = self.data.stops.get(line.region, [])

        def value(match: re.Match[str]) -> str:
            name = match[1]
            if name not in ("city", "stop"):
                return self._drawn(name, line, random)
            likely = cities if name == "city" or random.random() < _CITY_SHARE else stops
            return random.choice(likely or stops or self.everywhere)

        return _PLACEHOLDER.sub(value, line.text)

    def _drawn(self, name: str, entry: TrainingEntry, random: Random) -> str:
        """Return a random value for a placeholder."""
        language = language_of(entry)
        if name in ("name", "surname"):
            names = self.data.names if name == "name" else self.data.surnames
            return random.choice(names.get(language) or names["en"])
        if name == "num":
            return str(random.randrange(10, 10 ** random.randint(3, 8)))
        if name == "phone":
            return f"{random.randrange(200, 999)}-{random.randrange(1000000, 9999999)}"
        if name == "date":
            return f"{random.randint(1, 28):02}/{random.randint(1, 12):02}"
        return self._other_entry(name, entry, language, random)

    def _other_entry(self, name: str, entry: TrainingEntry, language: str, random: Random) -> str:
        kind = entry.kind if name == "x2" else name
        candidates = self.of_kind.get((language, kind)) or self.of_kind.get(("en", kind)) or [entry]
        if name == "x2":
            candidates = [one for one in random.choices(candidates, k=30) if one.category == entry.category] or [entry]
        return random.choice(candidates).text


def _damage(text: str, style: str, random: Random) -> str:
    """Add an occasional typo to a typed text, or cut a statement line short."""
    if style in _STATEMENT_STYLES:
        return text[: random.randint(14, 25)] if random.random() < _CUT_SHARE else text
    if random.random() > _TYPO_SHARE or len(text) < 5:
        return text
    at = random.randrange(1, len(text) - 2)
    return random.choice(
        (
            text[:at] + text[at + 1 :],
            text[:at] + text[at] + text[at:],
            text[:at] + text[at + 1] + text[at] + text[at + 2 :],
        )
    )

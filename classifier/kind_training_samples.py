"""Turn the training files of kinds into weighted samples for each direction. Pure and deterministic.

What a bank writes about a card payment or a salary is in `data/kinds/`. What is spent at merchants comes from the
samples of categories.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from zlib import crc32

from classifier.kinds import UNSURE, Direction, Kind
from classifier.languages import LANGUAGES
from classifier.text import normalise_for_kind
from classifier.training_files import DATA, TrainingData, TrainingFileError
from classifier.training_samples import Sample

# The share of each label among the samples.
_PRIOR: dict[Direction, dict[str, float]] = {
    Direction.OUT: {"spent": 0.67, "moved": 0.17, "cash": 0.06, UNSURE: 0.10},
    Direction.IN: {
        "spent": 0.25,
        "moved": 0.24,
        "cash": 0.03,
        "salary": 0.16,
        "interest": 0.06,
        "gift": 0.03,
        "sale": 0.04,
        "tax-refund": 0.04,
        "other-income": 0.08,
        UNSURE: 0.07,
    },
}
# One in so many groups of merchants and words is taken from the samples of categories.
_ONE_IN = {Direction.OUT: 8, Direction.IN: 15}
# The weight of such a sample before `_PRIOR`, where a row written in 16 ways weighs 8.
_PLAIN_WEIGHT = 0.05
_FEWEST_TRIES, _TRIES_OF_EACH = 30, 4
# Banks write names and places around what says the kind. What is spent or unsure has them in its rows.
_NOISE = (
    "{x} {city}",
    "{x} {num}",
    "{bank} {x}",
    "{x} {bank}",
    "{company} {x}",
    "{x} {name} {surname}",
    "{merchant} {x}",
)
_NOISY_SHARE = 0.3
_PLAIN_LABELS = (Kind.SPENT, UNSURE)
_ALTERNATIVES = re.compile(r"\(([^()]*\|[^()]*)\)")
_PLACEHOLDER = re.compile(r"{(\w+)}")
_NUMBERS = ("num", "date")
# Each of these fillers should be seen with each row.
_SAYS_KIND = frozenset({"bank", "biller", "broker", "card"})
_ENGLISH = ("global", "us", "gb", "ca", "au", "nz", "in", "za", "ie")


@dataclass(frozen=True)
class KindRow:
    """A row of a training file. directions: those it is written for. text: with alternatives and placeholders."""

    language: str
    directions: tuple[Direction, ...]
    label: str
    text: str


@dataclass(frozen=True)
class KindData:
    """The content of the training files of kinds. fillers: texts by placeholder and language."""

    rows: list[KindRow]
    fillers: dict[tuple[str, str], list[str]]


def read_kinds(folder: Path = DATA) -> KindData:
    """Read the training files of kinds. Raises `TrainingFileError` with the file and line of an invalid row."""
    fillers: dict[tuple[str, str], list[str]] = {}
    for _, row in _lines(folder / "fillers.csv", ("placeholder", "language", "text")):
        fillers.setdefault((row["placeholder"], row["language"]), []).append(row["text"])
    known = {placeholder for placeholder, _ in fillers} | {"merchant", "city", "name", "surname", *_NUMBERS}
    paths = sorted((folder / "kinds").glob("*.csv"))
    return KindData([row for path in paths for row in _rows(path, known)], fillers)


def kind_samples(kinds: KindData, data: TrainingData, categories: Sequence[Sample]) -> dict[Direction, list[Sample]]:
    """Return the samples of each direction. categories: all samples of the model of categories."""
    writer = _Writer(kinds, data)
    return {
        direction: [*_weighted(direction, [*_written(writer, kinds.rows, direction), *_spent(categories, direction)])]
        for direction in Direction
    }


def _lines(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        for row in reader:
            if None in row or not all(row.get(column) for column in columns):
                raise _error(path, reader.line_num, f"expected the columns {', '.join(columns)}")
            yield reader.line_num, row


def _rows(path: Path, placeholders: set[str]) -> Iterator[KindRow]:
    for line, row in _lines(path, ("direction", "label", "text")):
        if row["direction"] not in (*Direction, "both"):
            raise _error(path, line, f"direction {row['direction']!r} is not out, in or both")
        directions = tuple(Direction) if row["direction"] == "both" else (Direction(row["direction"]),)
        if any(row["label"] not in _PRIOR[direction] for direction in directions):
            raise _error(path, line, f"label {row['label']!r} is not known for {row['direction']}")
        if unknown := set(_PLACEHOLDER.findall(row["text"])) - placeholders:
            raise _error(path, line, f"the text has the unknown {', '.join(sorted(unknown))}")
        yield KindRow(path.stem, directions, row["label"], row["text"])


def _error(path: Path, line: int, message: str) -> TrainingFileError:
    return TrainingFileError(f"{path.parent.name}/{path.name}, line {line}: {message}")


def _written(writer: "_Writer", rows: Sequence[KindRow], direction: Direction) -> Iterator[Sample]:
    """Yield the samples of the rows. Those with the same wording are held out together, like those of a merchant."""
    for row in rows:
        if direction in row.directions:
            wordings = {normalise_for_kind(text): wording for text, wording in writer.write(row)}
            # The more ways to write a row, the more it counts, but less than in proportion.
            weight = len(wordings) ** -0.25
            groups = {wording: normalise_for_kind(wording) for wording in set(wordings.values())}
            for text, wording in wordings.items():
                yield Sample(text, row.label, weight, groups[wording], row.language)


def _spent(categories: Sequence[Sample], direction: Direction) -> Iterator[Sample]:
    """Yield a part of the category samples as spent. "Other" is left out, because it has transfers and withdrawals."""
    for sample in categories:
        if sample.category != "other" and crc32(sample.group.encode()) % _ONE_IN[direction] == 0:
            yield replace(sample, category=Kind.SPENT.value, weight=_PLAIN_WEIGHT)


def _weighted(direction: Direction, found: list[Sample]) -> Iterator[Sample]:
    """Yield the samples with weights that follow `_PRIOR`, on average 1."""
    totals: dict[str, float] = {}
    for sample in found:
        totals[sample.category] = totals.get(sample.category, 0.0) + sample.weight
    for sample in found:
        share = _PRIOR[direction][sample.category] * len(found) / totals[sample.category]
        yield replace(sample, weight=sample.weight * share)


class _Writer:
    """Writes a row in different ways: one of each alternatives, and placeholders filled in."""

    def __init__(self, kinds: KindData, data: TrainingData) -> None:
        self.fillers: dict[tuple[str, str], list[str]] = dict(kinds.fillers)
        self.fillers |= {("name", language): names for language, names in data.names.items()}
        self.fillers |= {("surname", language): names for language, names in data.surnames.items()}
        places = [("city", country, city) for country, cities in data.cities.items() for city, _ in cities]
        places += [("merchant", entry.region, entry.text) for entry in data.merchants if entry.category != "other"]
        for placeholder, country, text in places:
            for language in {LANGUAGES.get(country, country), "en" if country in _ENGLISH else "any"}:
                self.fillers.setdefault((placeholder, language), []).append(text)

    def write(self, row: KindRow) -> Iterator[tuple[str, str]]:
        """Yield texts of a row with their wording: the alternative of the longest group, each at least four times."""
        random = Random(f"{row.language}|{row.label}|{row.text}")  # noqa: S311 - not a secret
        groups = [group.split("|") for group in _ALTERNATIVES.findall(row.text)]
        longest = max(groups, key=len, default=[row.text])
        for number in range(max(_FEWEST_TRIES, _TRIES_OF_EACH * len(longest), self._most_values(row))):
            wording = longest[number % len(longest)]
            chosen = iter(wording if group is longest else random.choice(group) for group in groups)
            text = _ALTERNATIVES.sub(lambda match, chosen=chosen: next(chosen), row.text)
            if row.label not in _PLAIN_LABELS and random.random() < _NOISY_SHARE:
                text = random.choice(_NOISE).replace("{x}", text)
            yield _PLACEHOLDER.sub(lambda match: self._value(match[1], row.language, random), text), wording

    def _most_values(self, row: KindRow) -> int:
        """Return how many texts there are for the placeholder of the row that has most, of those that say the kind."""
        names = _SAYS_KIND.intersection(_PLACEHOLDER.findall(row.text))
        return max((len(self.fillers.get((name, row.language), ())) for name in names), default=0)

    def _value(self, placeholder: str, language: str, random: Random) -> str:
        if placeholder == "num":
            return str(random.randrange(10, 10 ** random.randint(3, 10)))
        if placeholder == "date":
            return f"{random.randint(1, 28):02}/{random.randint(1, 12):02}"
        for key in (language, "any", "en"):
            if values := self.fillers.get((placeholder, key)):
                return random.choice(values)
        return ""

"""Read the training files in `classifier/data/`, CSV files that are edited by hand. Its README describes them.

Every reader raises `TrainingFileError` with the file and line of an invalid row. Pure: needs neither Django nor a
database.
"""

import csv
import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from classifier.categories import SLUGS

DATA = Path(__file__).parent / "data"
_KINDS = frozenset(["item", "service", "place", "bill", "event", "fee", "transfer"])
_PLACEHOLDERS = frozenset(["x", "x2", "place", "merchant", "city", "state", "name", "surname", "num", "phone", "date"])
# Placeholders in lines. "stop" is a city or where else people go: home, the airport.
_LINE_PLACEHOLDERS = frozenset(["stop", "city", "name", "surname", "merchant", "place", "item", "num"])
_WORLD = "001"
_PLACEHOLDER = re.compile(r"{(\w*)}")
_STYLES = frozenset(["typed", "sentence", "card", "bank"])


class TrainingFileError(ValueError):
    """A row of a training file is invalid. The message has the file and line."""


@dataclass(frozen=True)
class TrainingEntry:
    """A term, merchant or line. region: its language, or a merchant's country. weight: 1 to 5, how common it is."""

    text: str
    category: str
    kind: str
    region: str
    weight: int


@dataclass(frozen=True)
class Pattern:
    """A way to write an entry `{x}` of a kind, in a style and a language."""

    language: str
    style: str
    kind: str
    text: str


@dataclass(frozen=True)
class TrainingData:
    """The content of all training files.

    cities: (city, region) by country code. names, surnames, stops: by language.
    """

    terms: list[TrainingEntry]
    merchants: list[TrainingEntry]
    lines: list[TrainingEntry]
    patterns: list[Pattern]
    cities: dict[str, list[tuple[str, str]]]
    names: dict[str, list[str]]
    surnames: dict[str, list[str]]
    stops: dict[str, list[str]] = field(default_factory=dict)
    brands: list[TrainingEntry] = field(default_factory=list)


def read_training_data(folder: Path = DATA) -> TrainingData:
    """Read all training files under `folder`, in the order of file names and lines."""
    return TrainingData(
        terms=[entry for path in _files(folder, "terms") for entry in _terms(path)],
        merchants=[entry for path in _files(folder, "merchants") for entry in _merchants(path)],
        lines=[entry for path in _files(folder, "lines") for entry in _lines(path)],
        patterns=list(_patterns(folder / "patterns.csv")),
        cities={
            path.stem: [(row["city"], row["region"]) for _, row in _rows(path, "city")]
            for path in _files(folder, "cities")
        },
        names=_names(folder / "names.csv"),
        surnames=_names(folder / "surnames.csv"),
        stops=_names(folder / "stops.csv"),
        brands=list(_brands(folder / "brands")),
    )


def files_fingerprint(folder: Path = DATA) -> str:
    """Return a hash of the content of all training files."""
    digest = sha256()
    for path in sorted([*folder.rglob("*.csv"), *folder.rglob("*.csv.gz")]):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _files(folder: Path, name: str) -> list[Path]:
    return sorted((folder / name).glob("*.csv"))


def _rows(path: Path, *required: str) -> Iterator[tuple[int, dict[str, str]]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        try:
            for row in reader:
                if None in row or None in row.values():
                    raise _error(path, reader.line_num, f"expected the columns {', '.join(reader.fieldnames or ())}")
                for column in required:
                    if not row.get(column, "").strip():
                        raise _error(path, reader.line_num, f"{column} is empty or missing")
                yield reader.line_num, row
        except (csv.Error, UnicodeDecodeError) as error:
            raise _error(path, reader.line_num, str(error)) from error


def _terms(path: Path) -> Iterator[TrainingEntry]:
    for line, row in _rows(path, "category", "kind", "term", "weight"):
        if row["kind"] not in _KINDS:
            raise _error(path, line, f"kind {row['kind']!r} is not one of {', '.join(sorted(_KINDS))}")
        yield _entry(path, line, row, row["term"], row["kind"])


def _merchants(path: Path) -> Iterator[TrainingEntry]:
    for line, row in _rows(path, "category", "merchant", "weight"):
        yield _entry(path, line, row, row["merchant"], "merchant")


def _lines(path: Path) -> Iterator[TrainingEntry]:
    for line, row in _rows(path, "category", "text"):
        if unknown := set(_PLACEHOLDER.findall(row["text"])) - _LINE_PLACEHOLDERS:
            raise _error(path, line, f"the line has the unknown {', '.join(sorted(unknown))}")
        yield _entry(path, line, row | {"weight": "3"}, row["text"], "line")


def _brands(folder: Path) -> Iterator[TrainingEntry]:
    """Yield the brands as merchants of their first country."""
    category = {row["kind"]: row["category"] for _, row in _rows(folder / "kinds.csv", "kind", "category")}
    path = folder / "brands.csv.gz"
    for line, row in _rows(path, "kind", "countries", "brand"):
        if row["kind"] not in category:
            raise _error(path, line, f"kind {row['kind']!r} is not in kinds.csv")
        entry = _entry(path, line, {"category": category[row["kind"]], "weight": "1"}, row["brand"], "merchant")
        country = row["countries"].split()[0]
        yield replace(entry, region="global" if country == _WORLD else country)


def _entry(path: Path, line: int, row: dict[str, str], text: str, kind: str) -> TrainingEntry:
    if row["category"] not in SLUGS:
        raise _error(path, line, f"category {row['category']!r} is not one of {', '.join(SLUGS)}")
    if row["weight"] not in {"1", "2", "3", "4", "5"}:
        raise _error(path, line, f"weight {row['weight']!r} is not a number from 1 to 5")
    return TrainingEntry(text.strip(), row["category"], kind, path.stem, int(row["weight"]))


def _patterns(path: Path) -> Iterator[Pattern]:
    for line, row in _rows(path, "language", "style", "kind", "pattern"):
        if row["style"] not in _STYLES:
            raise _error(path, line, f"style {row['style']!r} is not one of {', '.join(sorted(_STYLES))}")
        if row["kind"] not in _KINDS | {"merchant", "any"}:
            raise _error(path, line, f"kind {row['kind']!r} is not known")
        found = set(_PLACEHOLDER.findall(row["pattern"]))
        if "x" not in found or not found <= _PLACEHOLDERS:
            unknown = ", ".join(sorted(found - _PLACEHOLDERS))
            message = f"the pattern has the unknown {unknown}" if unknown else "the pattern has no {x}"
            raise _error(path, line, message)
        yield Pattern(row["language"], row["style"], row["kind"], row["pattern"])


def _names(path: Path) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for _, row in _rows(path, "language", "name"):
        names.setdefault(row["language"], []).append(row["name"])
    return names


def _error(path: Path, line: int, message: str) -> TrainingFileError:
    return TrainingFileError(f"{path.parent.name}/{path.name}, line {line}: {message}")

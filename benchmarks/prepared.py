"""Prepares engines, database and model as in `make run`, for the benchmarks of the classifier."""

import csv
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import django

from finbrain.embedded import EngineError, ensure_engines


def prepare() -> None:
    """Use the running embedded engines or start them, migrate, and train the built-in model if it is missing."""
    set_up()
    from finbrain.operations import prepare as steps

    steps.migrate_database(tell)
    steps.ensure_model(tell)


def set_up() -> None:
    """Use the running embedded engines or start them, and set Django up."""
    os.environ.setdefault("FINBRAIN_ENV", "development")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "finbrain.settings")
    try:
        if not {"MONGODB_URI", "REDIS_URL"} <= set(os.environ):
            ensure_engines()
    except EngineError as error:
        sys.exit(str(error))
    django.setup()


def tell(line: str) -> None:
    """Print a line for people on stderr, because stdout is for the result."""
    print(line, file=sys.stderr, flush=True)


def rows(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of a CSV file, with categories as slugs. Exits with a message if the file can't be used."""
    try:
        found = list(_rows(path, columns))
    except OSError as error:
        sys.exit(f"{path.name} can't be read: {error.strerror}.")
    except UnicodeDecodeError:
        sys.exit(f"{path.name} is not UTF-8.")
    return found or sys.exit(f"{path.name} has no rows.")


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    from classifier.categories import CATEGORIES

    slugs = {str(category.name): slug for slug, category in CATEGORIES.items()} | {slug: slug for slug in CATEGORIES}
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        names = reader.fieldnames or ()
        if missing := set(columns) - set(names):
            sys.exit(f"{path.name} has no column {', '.join(sorted(missing))}.")
        for row in reader:
            if any(row[name] is None for name in columns):
                sys.exit(f"{path.name}, line {reader.line_num}: expected {', '.join(names)}.")
            if row["category"] not in slugs:
                sys.exit(f"{path.name}, line {reader.line_num}: {row['category']!r} is not a category.")
            yield row | {"category": slugs[row["category"]]}

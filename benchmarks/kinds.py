"""Measures the served model's kinds: `python benchmarks/kinds.py [FILE.csv]`, columns direction, text, kind and detail.

direction: in or out. kind: spent, moved or received. detail: cash, an income category, or empty. Without a file it
measures the labelled texts of the tests, which training never sees. Prints one JSON object: shares from 0 to 1. `_70`
is for a confidence of at least .7.
"""

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.prepared import prepare

LABELLED = Path(__file__).resolve().parents[1] / "classifier/tests/data/kinds.csv"
COLUMNS = ("direction", "text", "kind", "detail")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", default=LABELLED)
    rows = read(parser.parse_args().file)
    prepare()
    print(json.dumps(measure(rows)))


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a labelled file. Exits with a message if the file can't be used."""
    from classifier.kinds import Direction, Kind

    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if missing := set(COLUMNS) - set(reader.fieldnames or ()):
            sys.exit(f"{path.name} has no column {', '.join(sorted(missing))}.")
        rows = list(reader)
    for number, row in enumerate(rows, 2):
        if row["direction"] not in list(Direction) or row["kind"] not in list(Kind):
            sys.exit(f"{path.name}, row {number}: {row['direction']!r}, {row['kind']!r} is not a direction and a kind.")
    return rows or sys.exit(f"{path.name} has no rows.")


def measure(rows: Sequence[dict[str, str]]) -> dict[str, float | int]:
    """The figures for labelled rows."""
    import numpy as np

    from classifier.evaluation import calibration_error
    from classifier.kinds import CASH, Direction, Kind
    from classifier.suggest_kinds import suggest_kinds

    found = suggest_kinds(None, [(row["text"], Direction(row["direction"])) for row in rows])
    answered = [(row, one) for row, one in zip(rows, found, strict=True) if one]
    assert len(answered) == len(rows), "prepare() trains a model"
    right = np.array([one.kind == row["kind"] for row, one in answered])
    confidence = np.array([one.confidence for _, one in answered])
    moved = np.array([one.kind == Kind.MOVED for row, one in answered if row["kind"] == Kind.SPENT])
    details = [row["detail"] == (CASH if one.is_cash else one.category) for row, one in answered if row["detail"]]
    sure = confidence >= 0.7
    return {
        "n": len(rows),
        "kind_accuracy": round(float(right.mean()), 4),
        "spent_called_moved": round(float(moved.mean()), 4),
        "detail_accuracy": round(float(np.mean(details)), 4),
        "coverage_70": round(float(sure.mean()), 4),
        "accuracy_70": round(float(right[sure].mean()), 4),
        "ece": round(calibration_error(confidence, right, np.ones(len(rows))), 4),
    }


if __name__ == "__main__":
    main()

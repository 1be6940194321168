"""Measures the served model's kinds: `python benchmarks/kinds.py [FILE.csv]`, columns direction, text, kind and detail.

direction: in or out. kind: spent, moved, received, or asked if only the person can tell, as for payments to friends.
detail: cash, an income category, or empty. Without a file it measures the labelled texts of the tests, which training
never sees. Prints one JSON object: shares from 0 to 1.

kind_accuracy, spent_called_moved, detail_accuracy, ece: of the rows with a kind, whether FinBrain would ask or not.
coverage_70, accuracy_70: of those, what FinBrain files unasked at a threshold of .7. asked_70: of the rows that it must
ask about, those that it does.
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
ASKED = "asked"
SURE = 0.7
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
        if row["direction"] not in list(Direction) or row["kind"] not in (*Kind, ASKED):
            sys.exit(f"{path.name}, row {number}: {row['direction']!r}, {row['kind']!r} is not a direction and a kind.")
    return rows or sys.exit(f"{path.name} has no rows.")


def measure(rows: Sequence[dict[str, str]]) -> dict[str, float | int | None]:
    """The figures for labelled rows. None for those that no row is for."""
    import numpy as np

    from classifier.evaluation import calibration_error
    from classifier.kinds import CASH, Direction, Kind
    from classifier.suggest_kinds import suggest_kinds

    found = suggest_kinds(None, [(row["text"], Direction(row["direction"])) for row in rows])
    answered = [(row, one) for row, one in zip(rows, found, strict=True) if one]
    assert len(answered) == len(rows), "prepare() trains a model"
    asked = [one.confidence < SURE for row, one in answered if row["kind"] == ASKED]
    answered = [(row, one) for row, one in answered if row["kind"] != ASKED]
    right = np.array([one.kind == row["kind"] for row, one in answered])
    confidence = np.array([one.confidence for _, one in answered])
    moved = [one.kind == Kind.MOVED for row, one in answered if row["kind"] == Kind.SPENT]
    details = [row["detail"] == (CASH if one.is_cash else one.category) for row, one in answered if row["detail"]]
    sure = confidence >= SURE
    figures = {
        "kind_accuracy": right,
        "spent_called_moved": moved,
        "detail_accuracy": details,
        "coverage_70": sure,
        "accuracy_70": right[sure],
        "asked_70": asked,
    }
    shares = {name: round(float(np.mean(each)), 4) if len(each) else None for name, each in figures.items()}
    return {"n": len(rows), **shares, "ece": round(calibration_error(confidence, right, np.ones(len(right))), 4)}


if __name__ == "__main__":
    main()

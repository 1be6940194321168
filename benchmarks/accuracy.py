"""Measures the served model's accuracy: `python benchmarks/accuracy.py FILE.csv`, columns text and category (name).

Prints one JSON object. The `_70` figures are for a confidence of at least .7.
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.prepared import prepare, rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    file = parser.parse_args().file
    prepare()
    print(json.dumps(measure([(row["text"], row["category"]) for row in rows(file, ("text", "category"))])))


def measure(labelled: list[tuple[str, str]]) -> dict[str, float | int]:
    """The accuracy figures for (text, slug) pairs."""
    import numpy as np

    from classifier.categories import SLUGS
    from classifier.evaluation import make_report
    from classifier.suggest import suggest_many

    probabilities = np.zeros((len(labelled), len(SLUGS)))
    for row, suggestion in zip(probabilities, suggest_many([text for text, _ in labelled]), strict=True):
        assert suggestion is not None, "prepare() trains a model"
        for slug, value in suggestion.candidates:
            row[SLUGS.index(slug)] = value
    found = make_report(probabilities, np.array([SLUGS.index(slug) for _, slug in labelled]))
    return {
        "n": len(labelled),
        "accuracy": round(found.accuracy, 4),
        "macro_f1": round(found.macro_f1, 4),
        "coverage_70": round(found.coverage, 4),
        "accuracy_70": round(found.sure_accuracy, 4),
        "ece": round(found.calibration_error, 4),
    }


if __name__ == "__main__":
    main()

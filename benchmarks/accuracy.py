"""Measures the served model's accuracy: `python benchmarks/accuracy.py FILE.csv`, columns text and category (name).

Prints one JSON object, and with `--by COLUMN` one for each value of a column, as for our held-out titles:
`python benchmarks/accuracy.py classifier/tests/data/fresh.csv --by group`. The `_70` figures are for a confidence of at
least .7. `ece` is the calibration error, `ece_floor` what a perfectly calibrated model has on average on as few texts.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.prepared import prepare, rows

if TYPE_CHECKING:
    import numpy as np


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--by", metavar="COLUMN", help="also measure the texts of each value of this column")
    options = parser.parse_args()
    prepare()
    found = rows(options.file, ("text", "category", *([options.by] if options.by else [])))
    print(json.dumps(measure([(row["text"], row["category"]) for row in found])))
    for value in dict.fromkeys(row[options.by] for row in found) if options.by else ():
        chosen = [(row["text"], row["category"]) for row in found if row[options.by] == value]
        print(json.dumps({options.by: value, **measure(chosen)}))


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
        "ece_floor": round(_floor(probabilities.max(axis=1)), 4),
    }


def _floor(confidence: "np.ndarray") -> float:
    """The mean calibration error if each text is right with exactly its confidence, from 200 draws."""
    import numpy as np

    from classifier.evaluation import calibration_error

    random = np.random.default_rng(0)
    draws = random.random((200, len(confidence))) < confidence
    return float(np.mean([calibration_error(confidence, right, np.ones(len(right))) for right in draws]))


if __name__ == "__main__":
    main()

"""Replays a person's history day by day: `python benchmarks/replay.py FILE.csv [--corrected 0.2]`.

Columns date, text and category (name), sorted by date. Without a file it makes people up, 20 unless --people says
otherwise. Each expense is predicted, and then its category is revealed, either always or only for that share of the
errors. Prints one JSON object: the accuracy for all, for the first 50 of each person, for texts that are new even
without their digits (novel), and for the others (repeat).
"""

import argparse
import json
import random
import re
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import histories
from benchmarks.prepared import prepare, rows

FIRST = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--people", type=int, default=20, help="without a file: how many made-up people")
    parser.add_argument("--corrected", type=float, metavar="SHARE", help="reveal only this share of the errors")
    options = parser.parse_args()
    prepare()
    if options.file:
        people = [[(row["text"], row["category"]) for row in rows(options.file, ("date", "text", "category"))]]
    else:
        people = [histories.history(seed) for seed in range(options.people)]
    print(json.dumps(figures([replay(history, options.corrected) for history in people])))


def figures(people: Sequence[list[tuple[bool, bool]]]) -> dict[str, float | int | None]:
    """The figures of all people together; None where there is nothing to count. people: as from `replay`."""
    together = [each for one in people for each in one]
    return {
        "n": len(together),
        "all": share([hit for hit, _ in together]),
        "first_50": share([hit for one in people for hit, _ in one[:FIRST]]),
        "novel": share([hit for hit, new in together if new]),
        "repeat": share([hit for hit, new in together if not new]),
    }


def replay(history: list[tuple[str, str]], corrected: float | None) -> list[tuple[bool, bool]]:
    """Whether each prediction was right, and whether its text was new, for (text, slug) pairs in their order."""
    from bson import ObjectId

    from classifier import memory
    from classifier.suggest import suggest

    person = ObjectId()
    chance = random.Random(0)
    seen: set[str] = set()
    answers: list[tuple[bool, bool]] = []
    try:
        for text, category in history:
            suggestion = suggest(text, person)
            right = suggestion is not None and suggestion.category == category
            if corrected is None or (not right and chance.random() < corrected):
                memory.learn(person, text, category)
            bare = re.sub(r"\d", "", text)
            answers.append((right, bare not in seen))
            seen.add(bare)
    finally:
        memory.forget_ledger(person)
    return answers


def share(hits: Sequence[bool]) -> float | None:
    return round(sum(hits) / len(hits), 4) if hits else None


if __name__ == "__main__":
    main()

"""Replays a person's history day by day: `python benchmarks/replay.py FILE.csv [--corrected 0.2]`.

Columns date, text and category (name), sorted by date. Each expense is predicted, and then its category is revealed,
either always or only for that share of the errors. Prints one JSON object: the accuracy for all, for the first 50, for
texts that are new even without their digits (novel), and for the others (repeat).
"""

import argparse
import json
import random
import re
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.prepared import prepare, rows

FIRST = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--corrected", type=float, metavar="SHARE", help="reveal only this share of the errors")
    options = parser.parse_args()
    prepare()
    history = [(row["text"], row["category"]) for row in rows(options.file, ("date", "text", "category"))]
    print(json.dumps(replay(history, options.corrected)))


def replay(history: list[tuple[str, str]], corrected: float | None) -> dict[str, float | int | None]:
    """The figures for (text, slug) pairs in their order; None where there is nothing to count."""
    from bson import ObjectId

    from classifier import memory
    from classifier.suggest import suggest

    person = ObjectId()
    chance = random.Random(0)
    seen: set[str] = set()
    hits: list[bool] = []
    novel: list[bool] = []
    try:
        for text, category in history:
            suggestion = suggest(text, person)
            right = suggestion is not None and suggestion.category == category
            if corrected is None or (not right and chance.random() < corrected):
                memory.learn(person, text, category)
            hits.append(right)
            bare = re.sub(r"\d", "", text)
            novel.append(bare not in seen)
            seen.add(bare)
    finally:
        memory.forget_ledger(person)
    return {
        "n": len(hits),
        "all": share(hits),
        "first_50": share(hits[:FIRST]),
        "novel": share([hit for hit, new in zip(hits, novel, strict=True) if new]),
        "repeat": share([hit for hit, new in zip(hits, novel, strict=True) if not new]),
    }


def share(hits: Sequence[bool]) -> float | None:
    return round(sum(hits) / len(hits), 4) if hits else None


if __name__ == "__main__":
    main()

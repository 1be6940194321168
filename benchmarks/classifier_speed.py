"""Measures the classifier's speed: `python benchmarks/classifier_speed.py [--rows 10000] [--retrain]`.

Uses the running embedded engines, or starts them. Prints one JSON object: seconds, milliseconds and megabytes.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.prepared import prepare, tell

_SYLLABLES = "ba ke lo mi nu ra si to va ze gri plo sha tra kel mor ".split()  # noqa: SIM905 - easier to read
# Texts learned in one transaction, as if a thousand expenses were filed at once.
PART = 1_000
PLACES = ("market", "cafe", "taxi", "pharmacy", "cinema", "bakery", "books", "energy", "rail", "bar")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000, help="distinct texts in the personal history")
    parser.add_argument("--retrain", action="store_true", help="also measure a training that stores nothing")
    options = parser.parse_args()
    prepare()
    print(json.dumps(measure(options.rows, options.retrain)))


def measure(size: int, retrain: bool) -> dict[str, float]:
    from bson import ObjectId

    from classifier import memory, recall, serving, training, versions
    from classifier.artifact import from_bytes
    from classifier.categories import SLUGS
    from classifier.suggest import explain, suggest, suggest_many

    chance = random.Random(1)
    titles = [made_up(chance) for _ in range(size)]
    person = ObjectId()
    number = versions.active_number()
    assert number is not None, "prepare() trains a model"
    artifact = versions.artifact(number)
    found = {
        "artifact_mb": len(artifact) / 1e6,
        "load_s": seconds(lambda: from_bytes(artifact)),
        "batch_of_10000_s": seconds(lambda: suggest_many([made_up(chance) for _ in range(10_000)])),
    }
    try:
        for start in range(0, size, PART):
            memory.learn_many(person, [(title, chance.choice(SLUGS)) for title in titles[start : start + PART]])
        found["memory_from_database_s"] = seconds(lambda: recall.memory_of(person))
        recall.here.drop(person)
        found["memory_from_cache_s"] = seconds(lambda: suggest("first", person))
        found["suggest_ms"] = _typical(lambda: suggest(made_up(chance), person))
        found["suggest_with_why_ms"] = _typical(lambda: explain(made_up(chance), person))
        found["learn_and_suggest_ms"] = _typical(lambda: _learn_and_suggest(memory.learn, suggest, person, chance))
    finally:
        memory.forget_ledger(person)
    if retrain:
        found["retrain_s"] = seconds(lambda: training.retrain(force=True, dry_run=True, progress=tell))
    serving.forget_model()
    return {name: round(value, 4) for name, value in found.items()}


def _learn_and_suggest(learn: Callable, suggest: Callable, person: object, chance: random.Random) -> None:
    learn(person, made_up(chance), "other")
    suggest(made_up(chance), person)


def made_up(chance: random.Random) -> str:
    name = "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4)))
    return f"{name} {chance.choice(PLACES)} {''.join(chance.choices(_SYLLABLES, k=2))}"


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _typical(work: Callable[[], object], times: int = 300) -> float:
    """The median time in milliseconds."""
    return 1000 * median(seconds(work) for _ in range(times))


if __name__ == "__main__":
    main()

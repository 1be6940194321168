"""What a threshold for filing would have meant on one's own reviewed expenses.

Each text is judged as if it had come up for the first time, by the model and by all other texts of the person, and
each of its repetitions as a text that was reviewed before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from bson import ObjectId

from classifier import recall, serving
from classifier.categories import CATEGORIES, SLUGS
from classifier.documents import MemoryDocument, MemoryStateDocument
from classifier.models import Memory, MemoryState
from classifier.personal import text_key
from classifier.suggest import combine, general_probabilities
from finbrain.core import tolerant_cache
from finbrain.core.collections import LEDGER, collection

FEWEST = 10
MOST_TEXTS = 500
KEPT_SECONDS = 24 * 3600
FORMAT = 1


class Sample(NamedTuple):
    """Suggestions of one confidence: how many of them were right, how many wrong."""

    confidence: float
    right: int
    wrong: int


@dataclass(frozen=True)
class Outcome:
    """Of `count` expenses, the share that would have been filed, and the share of these that would have been wrong."""

    count: int
    filed: float
    wrong: float


def outcome(samples: Sequence[Sample], threshold: float) -> Outcome | None:
    """None for fewer than ten expenses, of which shares would say little."""
    count = sum(sample.right + sample.wrong for sample in samples)
    if count < FEWEST:
        return None
    sure = [sample for sample in samples if sample.confidence >= threshold]
    wrong = sum(sample.wrong for sample in sure)
    filed = wrong + sum(sample.right for sample in sure)
    return Outcome(count, filed / count, wrong / filed if filed else 0.0)


def _first_time(suggested: str, confidence: float, category: str) -> Sample:
    """The one time that a text was new: right when suggested as it is filed today."""
    return Sample(confidence, int(suggested == category), int(suggested != category))


def repeated(suggested: str, confidence: float, counts: Mapping[str, int]) -> Sample:
    """All other times. counts: category -> how often it was confirmed for the text."""
    times = sum(counts.values()) - 1
    right = min(counts.get(suggested, 0), times)
    return Sample(confidence, right, times - right)


def own_samples(ledger_id: ObjectId) -> list[Sample]:
    """The person's samples, from the cache while neither their memory nor the model has changed."""
    state = collection(MemoryState, MemoryStateDocument).find_one({"_id": ledger_id})
    if state is None:
        return []
    model = serving.active_model()
    key = f"hindsight:{FORMAT}:{ledger_id}:{state['revision']}:{model.number if model else 0}"
    kept: list[tuple[float, int, int]] | None = tolerant_cache.get_many([key]).get(key)
    if kept is not None:
        return [Sample(*values) for values in kept]
    samples = judge_texts(ledger_id)
    tolerant_cache.set_many({key: samples}, KEPT_SECONDS)
    return samples


def judge_texts(ledger_id: ObjectId) -> list[Sample]:
    """Look back at the up to 500 texts that were reviewed last."""
    columns = {"text": 1, "category": 1, "counts": 1}
    memories = collection(Memory, MemoryDocument)
    newest = memories.find({LEDGER: ledger_id}, columns).sort("revision", -1).limit(MOST_TEXTS)
    rows = [row for row in newest if row["category"] in CATEGORIES]
    memory = recall.memory_of(ledger_id)
    if not rows or memory is None:
        return []
    samples = []
    for row, general in zip(rows, general_probabilities([row["text"] for row in rows]), strict=True):
        suggested, confidence = _best(combine(general, memory.nearest(row["text"], but_not=text_key(row["text"])))[0])
        samples.append(_first_time(suggested, confidence, row["category"]))
        if sum(row["counts"].values()) > 1:
            samples.append(repeated(*_best(combine(general, memory.nearest(row["text"]))[0]), row["counts"]))
    return samples


def _best(probabilities: np.ndarray) -> tuple[str, float]:
    place = int(probabilities.argmax())
    return SLUGS[place], float(probabilities[place])

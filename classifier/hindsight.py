"""Estimate how a threshold for automatic filing would have worked on a ledger's reviewed expenses.

The first expense with a text is predicted from the model and the ledger's other texts, as if the text were new. Its
repetitions are predicted as texts that were reviewed before.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bson import ObjectId

from classifier import recall, serving
from classifier.categories import CATEGORIES, base_slug
from classifier.category_set import shown_categories
from classifier.documents import MemoryDocument
from classifier.models import Memory
from classifier.pack import text_key
from classifier.suggest import answers, general_probabilities
from finbrain.core import stored, tolerant_cache
from finbrain.core.past_the_orm import LEDGER, collection

FEWEST = 10
_MOST_TEXTS = 500
_KEPT_SECONDS = 24 * 3600
_FORMAT = 2
_COLUMNS = ("text", "category", "counts")
_read = stored.reader(Memory, _COLUMNS)


class FiledSample(NamedTuple):
    """Suggestions with the same confidence, and how many of them were right and wrong."""

    confidence: float
    right: int
    wrong: int


@dataclass(frozen=True)
class FilingOutcome:
    """The result of a threshold on `count` expenses.

    filed: share (0 to 1) that FinBrain would have filed automatically. wrong: share of those with a wrong category.
    """

    count: int
    filed: float
    wrong: float


def outcome(samples: Sequence[FiledSample], threshold: float) -> FilingOutcome | None:
    """Return the result of a threshold, or None for fewer than ten expenses, whose shares would mean little."""
    count = sum(sample.right + sample.wrong for sample in samples)
    if count < FEWEST:
        return None
    sure = [sample for sample in samples if sample.confidence >= threshold]
    wrong = sum(sample.wrong for sample in sure)
    filed = wrong + sum(sample.right for sample in sure)
    return FilingOutcome(count, filed / count, wrong / filed if filed else 0.0)


def _first_time(suggested: str, confidence: float, category: str) -> FiledSample:
    """Return the sample of a new text. It is right if the suggestion is today's category."""
    return FiledSample(confidence, int(suggested == category), int(suggested != category))


def repetitions_of(suggested: str, confidence: float, counts: Mapping[str, int]) -> FiledSample:
    """Return the sample of all repetitions of a text. counts: category -> how often it was confirmed."""
    times = sum(counts.values()) - 1
    right = min(counts.get(suggested, 0), times)
    return FiledSample(confidence, right, times - right)


def own_samples(ledger_id: ObjectId) -> list[FiledSample]:
    """Return the ledger's samples, from the cache if neither its memory nor the model has changed."""
    state = recall.memory_state(ledger_id)
    if state is None:
        return []
    model = serving.active_model()
    version = model.number if model else 0, shown_categories().version
    key = tolerant_cache.cache_key("hindsight", ledger_id, _FORMAT, state["revision"], *version)
    kept: list[tuple[float, int, int]] | None = tolerant_cache.get_many([key]).get(key)
    if kept is not None:
        return [FiledSample(*values) for values in kept]
    samples = _judge_texts(ledger_id)
    tolerant_cache.set_many({key: samples}, _KEPT_SECONDS)
    return samples


def _judge_texts(ledger_id: ObjectId) -> list[FiledSample]:
    """Predict up to 500 texts that were reviewed last, and compare with their categories."""
    memories = collection(Memory, MemoryDocument)
    newest = memories.find({LEDGER: ledger_id}, dict.fromkeys(_COLUMNS, 1)).sort("revision", -1).limit(_MOST_TEXTS)
    rows = [row for row in map(_read, newest) if base_slug(row["category"]) in CATEGORIES]
    memory = recall.memory_of(ledger_id)
    if not rows or memory is None:
        return []
    samples = []
    for row, general in zip(rows, general_probabilities([row["text"] for row in rows]), strict=True):
        suggested, confidence = answers(general, memory.nearest(row["text"], but_not=text_key(row["text"])))[0][0]
        samples.append(_first_time(suggested, confidence, shown_categories().slug_of(row["category"])))
        if sum(row["counts"].values()) > 1:
            suggested, confidence = answers(general, memory.nearest(row["text"]))[0][0]
            samples.append(repetitions_of(suggested, confidence, _counted(row["counts"])))
    return samples


def _counted(counts: Mapping[str, int]) -> Mapping[str, int]:
    """Return the counts by the categories that they count as."""
    found: dict[str, int] = defaultdict(int)
    for stored_slug, count in counts.items():
        found[shown_categories().slug_of(stored_slug)] += count
    return found

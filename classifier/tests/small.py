"""A small model that trains in seconds, from enough of the training files to know coffee from a taxi or an ATM."""

from dataclasses import replace
from functools import cache

from classifier.artifact import to_bytes
from classifier.categories import SLUGS
from classifier.kind_training_samples import kind_samples, read_kinds
from classifier.kinds import Direction
from classifier.learner import Training, train_model
from classifier.training_files import read_training_data
from classifier.training_samples import Sample, samples

KEPT = 60


@cache
def small_samples() -> tuple[Sample, ...]:
    """Return every sixtieth entry of the training files, and the entries that the tests use, as samples."""
    data = read_training_data()
    named = ("coffee", "taxi", "electricity bill", "haircut", "cinema", "קפה", "מונית")
    chosen = [entry for at, entry in enumerate(data.terms) if at % KEPT == 0 or entry.text in named]
    fewer = type(data)(chosen, data.merchants[::KEPT], [], data.patterns, data.cities, data.names, data.surnames)
    return tuple(samples(fewer))


def few_samples() -> list[Sample]:
    """Return samples that train a model at once, for tests to which its answers don't matter."""
    texts = [(f"{slug} {number}", slug) for slug in SLUGS for number in ("one", "two", "three", "four", "five", "six")]
    return [Sample(text, slug, 1.0, text, "en") for text, slug in texts]


@cache
def small_kind_samples() -> dict[Direction, list[Sample]]:
    """Return the samples of the English and Hebrew rows of kinds."""
    kinds = read_kinds()
    rows = [row for row in kinds.rows if row.language in ("en", "he")]
    return kind_samples(replace(kinds, rows=rows), read_training_data(), small_samples())


@cache
def small_training() -> Training:
    """Return the training on the small samples."""
    return train_model(list(small_samples()), small_kind_samples())


@cache
def small_artifact() -> bytes:
    """Return the artifact of the small training, as stored."""
    return to_bytes(small_training().artifact)

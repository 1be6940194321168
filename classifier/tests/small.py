"""A small model that trains in a second, from enough of the training files to know coffee from a taxi."""

from functools import cache

from classifier.artifact import to_bytes
from classifier.learner import Training, train_model
from classifier.seed import Sample, samples
from classifier.seed_files import read_seed

KEPT = 60


@cache
def small_samples() -> tuple[Sample, ...]:
    """Return every sixtieth entry of the training files, and the entries that the tests use, as samples."""
    seed = read_seed()
    named = ("coffee", "taxi", "electricity bill", "haircut", "cinema", "קפה", "מונית")
    chosen = [entry for at, entry in enumerate(seed.terms) if at % KEPT == 0 or entry.text in named]
    fewer = type(seed)(chosen, seed.merchants[::KEPT], [], seed.patterns, seed.cities, seed.names, seed.surnames)
    return tuple(samples(fewer))


@cache
def small_training() -> Training:
    """Return the training on the small samples."""
    return train_model(list(small_samples()))


@cache
def small_artifact() -> bytes:
    """Return the artifact of the small training, as stored."""
    return to_bytes(small_training().artifact)

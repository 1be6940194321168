"""Combine the samples of the training files with approved corrections, and fingerprint a training."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from math import sqrt
from pathlib import Path
from typing import Protocol

from classifier import training_files
from classifier.artifact import environment
from classifier.training_samples import Sample, group_of

# The weight of an approved correction in ordinary samples. It is multiplied by the root of the number of people.
_CORRECTION_WEIGHT = 10.0
_SOURCES = (
    "categories",
    "kinds",
    "text",
    "unwrap",
    "features",
    "languages",
    "training_samples",
    "kind_training_samples",
    "pipeline",
    "learner",
    "evaluation",
    "calibration",
    "training_set",
)


class TrainingCorrection(Protocol):
    """A correction. text: normalised. people: how many people chose the category."""

    @property
    def text(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def people(self) -> int: ...


def with_feedback(samples: list[Sample], corrections: Sequence[TrainingCorrection]) -> list[Sample]:
    """Add the corrections to the samples, each twice with half its weight. It replaces samples with the same text.

    Twice, because a word must be in two samples to become a feature, or a new word could never be learned.
    """
    corrected = {correction.text for correction in corrections}
    kept = [sample for sample in samples if sample.text not in corrected]
    return kept + [replace(one, weight=one.weight / 2) for one in as_samples(corrections) for _ in range(2)]


def as_samples(corrections: Sequence[TrainingCorrection]) -> list[Sample]:
    """Convert corrections to samples. The weight grows with the root of the number of people."""
    return [
        Sample(each.text, each.category, _CORRECTION_WEIGHT * sqrt(each.people), group_of(each.text), "any")
        for each in corrections
    ]


def training_fingerprint(corrections: Sequence[TrainingCorrection]) -> str:
    """Return a hash of everything that a training depends on: files, corrections, code and environment."""
    digest = sha256(training_files.files_fingerprint().encode())
    for name in _SOURCES:
        digest.update((Path(__file__).parent / f"{name}.py").read_bytes())
    digest.update(repr(sorted(environment().items())).encode())
    for correction in corrections:
        digest.update(f"{correction.text}|{correction.category}|{correction.people}\n".encode())
    return digest.hexdigest()

"""What a training learns from: the samples of the training files and what reviewers approved."""

from collections.abc import Sequence
from hashlib import sha256
from math import sqrt
from pathlib import Path
from typing import Protocol

from classifier import seed_files
from classifier.artifact import environment
from classifier.seed import Sample, group_of

# How many ordinary samples an approved correction outweighs, times the root of the number of people.
_CORRECTION_WEIGHT = 10.0
_SOURCES = ("categories", "text", "features", "seed", "pipeline", "learner", "evaluation", "training_set")


class Correction(Protocol):
    """A normalised text, its category, and how many people say so."""

    @property
    def text(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def people(self) -> int: ...


def with_feedback(samples: list[Sample], corrections: Sequence[Correction]) -> list[Sample]:
    """The samples with the corrections among them; what a correction contradicts word for word is dropped."""
    corrected = {correction.text for correction in corrections}
    kept = [sample for sample in samples if sample.text not in corrected]
    return kept + as_samples(corrections)


def as_samples(corrections: Sequence[Correction]) -> list[Sample]:
    """The corrections, weighing more the more people say so."""
    return [
        Sample(each.text, each.category, _CORRECTION_WEIGHT * sqrt(each.people), group_of(each.text), "any")
        for each in corrections
    ]


def training_fingerprint(corrections: Sequence[Correction]) -> str:
    """Changes when training files, corrections, the code of the training or its environment change."""
    digest = sha256(seed_files.files_fingerprint().encode())
    for name in _SOURCES:
        digest.update((Path(__file__).parent / f"{name}.py").read_bytes())
    digest.update(repr(sorted(environment().items())).encode())
    for correction in corrections:
        digest.update(f"{correction.text}|{correction.category}|{correction.people}\n".encode())
    return digest.hexdigest()

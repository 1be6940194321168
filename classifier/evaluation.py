"""Cross-validation, calibration and the figures of a report. Pure: needs only NumPy."""

from dataclasses import asdict, dataclass
from zlib import crc32

import numpy as np

FOLDS = 3
# The report counts predictions with at least this confidence as sure.
_SURE = 0.7


@dataclass(frozen=True)
class QualityReport:
    """The quality of a model on held-out texts.

    All figures are shares from 0 to 1. confusion: weights, with true categories as rows and predictions as columns.
    """

    accuracy: float
    macro_f1: float
    calibration_error: float
    coverage: float
    sure_accuracy: float
    confusion: list[list[float]]

    def as_dict(self) -> dict[str, object]:
        """Return the report as a dictionary for JSON."""
        return asdict(self)


@dataclass(frozen=True, eq=False)
class HeldOut:
    """The answers of a model to texts that it was not trained on, one row a text.

    probabilities: (n, classes). truth: positions of classes (n,). weights: (n,). groups: whose texts are held out
    together (n,).
    """

    probabilities: np.ndarray
    truth: np.ndarray
    weights: np.ndarray
    groups: np.ndarray

    def report(self) -> QualityReport:
        """Return the quality of the model."""
        return make_report(self.probabilities, self.truth, self.weights)


def fold_of(group: str) -> int:
    """Return the fold in which a group is held out. It is the same in every training."""
    return crc32(group.encode()) % FOLDS


def make_report(probabilities: np.ndarray, truth: np.ndarray, weights: np.ndarray | None = None) -> QualityReport:
    """Compare probabilities (n, classes) with the true positions (n,). Each row counts by its weight (n,)."""
    weights = np.ones(len(truth)) if weights is None else weights
    answers, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    right = answers == truth
    sure = confidence >= _SURE
    classes = probabilities.shape[1]
    confusion = np.zeros((classes, classes))
    np.add.at(confusion, (truth, answers), weights)
    return QualityReport(
        accuracy=_mean(right, weights),
        macro_f1=float(macro_f1(confusion)),
        calibration_error=calibration_error(confidence, right, weights),
        coverage=_mean(sure, weights),
        sure_accuracy=_mean(right[sure], weights[sure]),
        confusion=[[round(float(cell), 1) for cell in row] for row in confusion],
    )


def f1(confusion: np.ndarray) -> np.ndarray:
    """Return the F1 of each class from confusion matrices (..., classes, classes), rows: true. 0 if it never occurs."""
    hits, both = np.diagonal(confusion, axis1=-2, axis2=-1), confusion.sum(axis=-1) + confusion.sum(axis=-2)
    return 2 * hits / np.where(both > 0, both, 1)


def macro_f1(confusion: np.ndarray) -> np.ndarray:
    """Return the mean F1 of the classes that occur, from confusion matrices (..., classes, classes), rows: true."""
    present = confusion.sum(axis=-1) > 0
    return (f1(confusion) * present).sum(axis=-1) / np.maximum(present.sum(axis=-1), 1)


def binned(confidence: np.ndarray, bins: int = 10) -> tuple[np.ndarray, int]:
    """Return the place of each confidence (n,) in equal bins, and the number of bins."""
    return np.minimum((confidence * bins).astype(int), bins - 1), bins


def calibration_error(confidence: np.ndarray, right: np.ndarray, weights: np.ndarray, bins: int = 10) -> float:
    """Return the expected calibration error: the weighted mean distance of confidence and accuracy in equal bins."""
    places, _ = binned(confidence, bins)
    gaps = np.bincount(places, weights * (right - confidence), minlength=bins)
    return float(np.abs(gaps).sum() / weights.sum()) if len(weights) else 0.0


def best_sharpness(logits: np.ndarray, truth: np.ndarray, weights: np.ndarray) -> float:
    """Return the factor of held-out logits (n, classes) that makes the truth most likely (temperature scaling).

    A golden-section search from 0.2 to 3, because the likelihood has a single maximum.
    """
    low, high = 0.2, 3.0
    ratio = (5**0.5 - 1) / 2
    while high - low > 1e-2:
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if _loss(logits * left, truth, weights) < _loss(logits * right, truth, weights):
            high = right
        else:
            low = left
    return (low + high) / 2


def _loss(logits: np.ndarray, truth: np.ndarray, weights: np.ndarray) -> float:
    shifted = logits - logits.max(axis=1, keepdims=True)
    chosen = shifted[np.arange(len(truth)), truth] - np.log(np.exp(shifted).sum(axis=1))
    return float(-np.average(chosen, weights=weights))


def _mean(values: np.ndarray, weights: np.ndarray) -> float:
    return float(np.average(values, weights=weights)) if len(values) else 0.0

"""Compare the figures of a new model with those of the active one. Pure: needs only NumPy.

Both models answer the same held-out texts, each with a fold model that never saw the text's group. A difference counts
only beyond noise: whole groups are resampled (a paired cluster bootstrap), because the texts of a group are right or
wrong together. All figures are tested at once, so each is held to a share of the level (Bonferroni).
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from statistics import NormalDist

import numpy as np

from classifier.evaluation import HeldOut, binned, f1, macro_f1

# The chance that a model that is no worse is refused.
_LEVEL = 0.05
MACRO_F1, CALIBRATION_ERROR = "macro-F1", "calibration error"
# The F1 of a class with fewer groups is not tested on its own.
_MOST_NOISE = 30
_DRAWS = 400


@dataclass(frozen=True)
class Comparison:
    """A figure of both models on the same texts.

    figure: macro-F1, calibration error, or the class whose F1 it is. low, high: the interval of the difference (after -
    before) that holds for all figures of a training together with 95 %. worse: worse beyond noise.
    """

    figure: str
    before: float
    after: float
    low: float
    high: float
    worse: bool

    def as_dict(self) -> dict[str, object]:
        """Return the comparison as a dictionary for JSON."""
        return asdict(self)


def compare_models(new: HeldOut, active: HeldOut, classes: Sequence[str]) -> list[Comparison]:
    """Compare the models. Both must have answered the same texts in the same order. classes: of the columns."""
    groups, members = np.unique(new.groups, return_inverse=True)
    draws = np.random.default_rng(0).poisson(1.0, (_DRAWS, len(groups))).astype(np.float32)
    draws[0] = 1  # the texts themselves
    figures = list(_figures(new, active, classes, members, draws))
    distance = NormalDist().inv_cdf(1 - _LEVEL / len(figures))
    return [_comparison(name, before, after, lower, distance) for name, before, after, lower in figures]


def _figures(
    new: HeldOut, active: HeldOut, classes: Sequence[str], members: np.ndarray, draws: np.ndarray
) -> Iterator[tuple[str, np.ndarray, np.ndarray, bool]]:
    """Yield each figure: its name, its values in all draws for the active and the new model, whether less is better."""
    before, after = (_confusions(held, members, draws) for held in (active, new))
    yield MACRO_F1, macro_f1(before), macro_f1(after), False
    for place, name in enumerate(classes):
        if len(np.unique(members[new.truth == place])) >= _MOST_NOISE:
            yield name, f1(before)[:, place], f1(after)[:, place], False
    yield CALIBRATION_ERROR, _calibration(active, members, draws), _calibration(new, members, draws), True


def _comparison(name: str, before: np.ndarray, after: np.ndarray, lower: bool, distance: float) -> Comparison:
    difference = after - before
    found = float(difference[0])
    margin = distance * float(difference[1:].std())
    worse = found > margin if lower else found < -margin
    return Comparison(name, float(before[0]), float(after[0]), found - margin, found + margin, worse)


def _confusions(held: HeldOut, members: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Return the confusion matrix of each draw, (draws, classes, classes)."""
    classes = held.probabilities.shape[1]
    cells = held.truth * classes + held.probabilities.argmax(axis=1)
    return _summed(cells, held.weights, classes**2, members, draws).reshape(-1, classes, classes)


def _calibration(held: HeldOut, members: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Return the expected calibration error of each draw."""
    confidence = held.probabilities.max(axis=1)
    gaps = held.weights * ((held.probabilities.argmax(axis=1) == held.truth) - confidence)
    places, bins = binned(confidence)
    total = _summed(np.zeros_like(places), held.weights, 1, members, draws)[:, 0]
    return np.abs(_summed(places, gaps, bins, members, draws)).sum(axis=1) / np.maximum(total, 1e-9)


def _summed(cells: np.ndarray, values: np.ndarray, count: int, members: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Add the values (n,) up by cell in each draw: (draws, count). members: the group of each value."""
    by_group = np.bincount(members * count + cells, values, draws.shape[1] * count)
    return draws @ by_group.reshape(-1, count).astype(np.float32)

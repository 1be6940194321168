"""Choose how sure a model is, from the answers of its fold models to held-out texts. Pure: needs only NumPy.

Sharpness is the factor of the logits. It differs by script, because more is known of some than of others, and between
familiar and unfamiliar texts, see `scorer.FAMILIAR`.
"""

from dataclasses import dataclass

import numpy as np

from classifier.evaluation import best_sharpness
from classifier.features import SCRIPTS

# The most for unfamiliar texts in Latin letters. The held-out training texts are of languages that the model knows, but
# real ones may be of any language, and then it is wrong more often.
_MOST_UNFAMILIAR_LATIN = 0.8
# With fewer held-out texts, sharpness is that of all.
_FEWEST = 500
# The fold models of kinds lack a third of the wordings, which banks share. The whole model is right more often, so it
# may be surer by this factor. benchmarks/kinds.py measures it.
_SURER_KINDS = 1.3


@dataclass(frozen=True, eq=False)
class Uncalibrated:
    """Answers to held-out texts before calibration.

    logits: (n, classes). truth: positions of classes (n,). weights: (n,). scripts: positions in `SCRIPTS` (n,).
    familiar: whether each text was familiar to its fold model (n,).
    """

    logits: np.ndarray
    truth: np.ndarray
    weights: np.ndarray
    scripts: np.ndarray
    familiar: np.ndarray

    def best_sharpness(self, chosen: np.ndarray) -> float:
        """Return the best sharpness for the chosen texts, bool (n,)."""
        return best_sharpness(self.logits[chosen], self.truth[chosen], self.weights[chosen])

    def probabilities(self, sharpness: np.ndarray) -> np.ndarray:
        """Return the probabilities (n, classes) with a sharpness (scripts, 2)."""
        logits = self.logits * sharpness[self.scripts, self.familiar.astype(int)][:, None]
        exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
        return exponentials / exponentials.sum(axis=1, keepdims=True)


def calibrated(answers: Uncalibrated) -> np.ndarray:
    """Return the sharpness of a model of categories, (scripts, 2)."""
    best = np.full((len(SCRIPTS), 2), answers.best_sharpness(np.ones(len(answers.truth), dtype=bool)))
    for script, familiar in np.ndindex(best.shape):
        chosen = (answers.scripts == script) & (answers.familiar == bool(familiar))
        if chosen.sum() >= _FEWEST:
            best[script, familiar] = answers.best_sharpness(chosen)
    best[0, 0] = min(best[0, 0], _MOST_UNFAMILIAR_LATIN)
    return best


def calibrated_kinds(answers: Uncalibrated) -> np.ndarray:
    """Return one sharpness for all texts of a model of kinds, (scripts, 2)."""
    everything = np.ones(len(answers.truth), dtype=bool)
    return np.full((len(SCRIPTS), 2), _SURER_KINDS * answers.best_sharpness(everything))

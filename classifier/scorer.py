"""Score normalised texts with the arrays of a trained model. Needs only NumPy, and reads only the texts' n-grams.

The scores equal those of the original scikit-learn pipeline to within 1e-9 (`tests/test_scorer.py`).
"""

from dataclasses import dataclass
from itertools import chain

import numpy as np

from classifier.features import character_ngrams, hashed, script_of, word_ngrams

# From this share of a text's words on (squares of TF-IDF, pairs of words included), the text is familiar.
FAMILIAR = 0.2


@dataclass(frozen=True, eq=False)
class Scorer:
    """A trained model. What its classes are, only the code that trained or loaded it knows.

    keys: hashes of the known n-grams, sorted, uint64 (n,). idf: float32 (n,). coefficients: float16 (n, classes).
    intercept: (classes,). unseen_idf: the idf of an unknown n-gram, (2,) for words and characters.
    sharpness: factors of the logits, from calibration, (scripts, 2): of unfamiliar texts and of familiar ones.
    """

    keys: np.ndarray
    idf: np.ndarray
    coefficients: np.ndarray
    intercept: np.ndarray
    unseen_idf: np.ndarray
    sharpness: np.ndarray

    def probabilities(self, texts: list[str]) -> np.ndarray:
        """Return calibrated probabilities, float64 (texts, classes)."""
        logits, familiar = self._scored(texts)
        scripts = np.fromiter(map(script_of, texts), dtype=int, count=len(texts))
        logits *= self.sharpness[scripts, familiar.astype(int)][:, None]
        logits -= logits.max(axis=1, keepdims=True)
        np.exp(logits, out=logits)
        return logits / logits.sum(axis=1, keepdims=True)

    def logits(self, texts: list[str]) -> np.ndarray:
        """Return the logits of the logistic regression before calibration, float64 (texts, classes)."""
        return self._scored(texts)[0]

    def _scored(self, texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
        """Return the logits, and whether each text is familiar, (texts,)."""
        logits = np.tile(self.intercept, (len(texts), 1))
        familiar = np.zeros(len(texts), dtype=bool)
        for part, ngrams_of in enumerate((word_ngrams, character_ngrams)):
            ngrams = [ngrams_of(text) for text in texts]
            owners = np.repeat(np.arange(len(texts)), [len(each) for each in ngrams])
            places, known, weights = self._weigh(list(chain.from_iterable(ngrams)), owners, len(texts), part)
            owners, places, weights = owners[known], places[known], weights[known]
            coefficients = self.coefficients[places]
            for position in range(len(self.intercept)):
                column = weights * coefficients[:, position]
                logits[:, position] += np.bincount(owners, column, minlength=len(texts))
            if part == 0:
                familiar = self._familiar(owners, weights, coefficients, len(texts))
        return logits, familiar

    def _familiar(self, owners: np.ndarray, weights: np.ndarray, coefficients: np.ndarray, texts: int) -> np.ndarray:
        """Return whether enough of each text's words is known. Models of a fold have zeros for what they never saw."""
        seen = coefficients.any(axis=1)
        return np.bincount(owners, weights**2 * seen, minlength=texts) >= FAMILIAR

    def contributions(self, text: str, position: int) -> dict[str, float]:
        """Return each known n-gram of a normalised text with its contribution to the class at `position`.

        A contribution is TF-IDF times coefficient times sharpness.
        """
        found: dict[str, float] = {}
        for part, ngrams in enumerate((word_ngrams(text), character_ngrams(text))):
            owners = np.zeros(len(ngrams), dtype=int)
            places, known, weights = self._weigh(ngrams, owners, 1, part)
            if part == 0:
                familiar = self._familiar(owners, weights * known, self.coefficients[places], 1)
                sharpness = self.sharpness[script_of(text), int(familiar[0])]
            values = weights * self.coefficients[places, position] * sharpness
            found |= {ngram: float(values[at]) for at, ngram in enumerate(ngrams) if known[at]}
        return found

    def _weigh(
        self, ngrams: list[str], owners: np.ndarray, texts: int, part: int
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the position, whether it is known, and the TF-IDF of each n-gram. owners: the text of each n-gram."""
        keys = np.fromiter(map(hashed, ngrams), dtype=np.uint64, count=len(ngrams))
        places = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        known = self.keys[places] == keys
        idf = np.where(known, self.idf[places].astype(float), self.unseen_idf[part])
        lengths = np.sqrt(np.bincount(owners, idf * idf, minlength=texts))
        return places, known, idf / lengths[owners]

"""Train the global model with scikit-learn: TF-IDF of word and character n-grams, then logistic regression.

Only training imports this module. Serving needs neither scikit-learn nor SciPy.
"""

from array import array
from collections.abc import Callable, Sequence
from typing import cast
from warnings import catch_warnings, simplefilter

import numpy as np
from scipy.sparse import csr_matrix, diags_array
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline

from classifier.categories import SLUGS
from classifier.features import character_ngrams, word_ngrams
from classifier.training_samples import Sample

INVERSE_REGULARISATION = 4.0
_EPOCHS = 10
_SEED = 0
# Heavier samples are split into several rows. SAG needs weights near 1: a few samples of weight 100 would leave it far
# from the optimum.
_HEAVIEST_ROW = 3.0
# The number of samples that must contain a word, or a run of characters, for it to become a feature.
_RAREST = (2, 3)


class _KnownPartTfidf(TransformerMixin, BaseEstimator):
    """TF-IDF of the n-grams of texts, each counted once, that shortens the vectors of texts with unknown n-grams.

    The usual normalisation ignores unknown n-grams, so one known fragment of an unknown name would weigh as much as a
    fully known text. Here unknown n-grams add to the length with the idf of the rarest known one, so that the logits of
    unknown names move towards the prior.

    Unlike scikit-learn's vectoriser it extracts the n-grams of a repeated word only once, in a fifth of the time.
    """

    def __init__(
        self, parts_of: Callable[[str], list[str]], ngrams_of: Callable[[str], list[str]], rarest: int
    ) -> None:
        """Prepare to count. parts_of: splits a text. ngrams_of: of such a part. rarest: texts that an n-gram needs."""
        self.parts_of = parts_of
        self.ngrams_of = ngrams_of
        self.rarest = rarest

    def fit_transform(self, texts: Sequence[str], y: object = None) -> csr_matrix:
        """Learn the n-grams and their idf, and return the matrix of the texts, shape (n, features)."""
        counts, ngrams = self._counted(texts, ())
        frequencies = np.bincount(counts.indices, minlength=len(ngrams))
        kept = np.flatnonzero(frequencies >= self.rarest)
        self.ngrams_ = [ngrams[place] for place in kept]
        self.idf_ = np.log((1 + len(texts)) / (1 + frequencies[kept])) + 1
        return self._weighed(counts, kept)

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """Return the matrix of the texts, shape (n, features), with rows of length 0 to 1."""
        counts, _ = self._counted(texts, self.ngrams_)
        return self._weighed(counts, np.arange(len(self.ngrams_)))

    def _counted(self, texts: Sequence[str], known: Sequence[str]) -> tuple[csr_matrix, list[str]]:
        """Return which n-grams each text has, shape (n, n-grams), and the n-grams, known ones first."""
        places = {ngram: place for place, ngram in enumerate(known)}
        of_part: dict[str, list[int]] = {}
        indices, ends = array("i"), [0]
        for text in texts:
            found: set[int] = set()
            for part in self.parts_of(text):
                if part not in of_part:
                    of_part[part] = [places.setdefault(ngram, len(places)) for ngram in self.ngrams_of(part)]
                found.update(of_part[part])
            indices.extend(found)
            ends.append(len(indices))
        ones = np.ones(len(indices))
        return csr_matrix((ones, np.array(indices), ends), shape=(len(texts), len(places))), list(places)

    def _weighed(self, counts: csr_matrix, kept: np.ndarray) -> csr_matrix:
        known = csr_matrix(counts[:, kept] @ diags_array(self.idf_))
        squares = np.asarray(known.multiply(known).sum(axis=1)).ravel()
        unknown = np.diff(counts.indptr) - np.diff(known.indptr)
        lengths = np.sqrt(squares + unknown * self.idf_.max() ** 2)
        lengths[lengths == 0] = 1.0
        return csr_matrix(diags_array(1 / lengths) @ known)


def build_vectoriser() -> FeatureUnion:
    """Build a vectoriser of normalised texts: words and word pairs, then characters, each of length up to 1."""
    return FeatureUnion(
        [
            ("words", _KnownPartTfidf(_whole, word_ngrams, _RAREST[0])),
            ("characters", _KnownPartTfidf(str.split, character_ngrams, _RAREST[1])),
        ]
    )


def _whole(text: str) -> list[str]:
    return [text]


def fit_regression(matrix: csr_matrix, samples: list[Sample], classes: Sequence[str] = SLUGS) -> LogisticRegression:
    """Fit a multinomial logistic regression to the rows of `matrix`, one per sample. classes: what it tells apart.

    Uses SAG, which gets as far in 10 epochs as L-BFGS in 100 iterations, in a quarter of the time.
    """
    regression = LogisticRegression(
        C=INVERSE_REGULARISATION, solver="sag", max_iter=_EPOCHS, tol=1e-3, random_state=_SEED
    )
    weights = np.array([sample.weight for sample in samples])
    copies = np.maximum(np.ceil(weights / _HEAVIEST_ROW).astype(int), 1)
    rows = np.repeat(np.arange(len(samples)), copies)
    with catch_warnings():
        simplefilter("ignore", ConvergenceWarning)  # the number of epochs is fixed on purpose
        return regression.fit(
            cast(csr_matrix, matrix.astype(np.float32))[rows],
            labels(samples, classes)[rows],
            sample_weight=(weights / copies)[rows],
        )


def labels(samples: list[Sample], classes: Sequence[str] = SLUGS) -> np.ndarray:
    """Return the categories of the samples as positions in `classes`, shape (n,)."""
    positions = {slug: position for position, slug in enumerate(classes)}
    return np.array([positions[sample.category] for sample in samples])


def assemble(vectoriser: FeatureUnion, regression: LogisticRegression) -> Pipeline:
    """Build the pipeline from normalised texts to probabilities of the classes, rounded as in an artifact."""
    for _, part in vectoriser.transformer_list:
        part.idf_ = part.idf_.astype(np.float32).astype(float)
    regression.coef_ = _rounded(regression.coef_)
    return Pipeline([("ngrams", vectoriser), ("regression", regression)])


def _rounded(coefficients: np.ndarray) -> np.ndarray:
    """Round to numbers that compress well: float16 with 6 instead of 10 bits of its fraction, so at most 1 % off."""
    bits = coefficients.astype(np.float16).view(np.uint16)
    return ((bits + np.uint16(8)) & np.uint16(0xFFF0)).view(np.float16).astype(float)

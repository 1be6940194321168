"""Train the global model with scikit-learn: TF-IDF of word and character n-grams, then logistic regression.

Only training imports this module. Serving needs neither scikit-learn nor SciPy.
"""

from collections.abc import Callable, Sequence
from typing import Any, cast
from warnings import catch_warnings, simplefilter

import numpy as np
from scipy.sparse import csr_matrix, diags_array
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline

from classifier.categories import SLUGS
from classifier.features import character_ngrams, word_ngrams
from classifier.seed import Sample

INVERSE_REGULARISATION = 4.0
_EPOCHS = 12
_SEED = 0
# Heavier samples are split into several rows. SAG needs weights near 1: a few samples of weight 100 would leave it far
# from the optimum.
_HEAVIEST_ROW = 3.0
# The number of samples that must contain an n-gram for it to become a feature.
_RAREST_WORD, _RAREST_CHARACTERS = 2, 3


class KnownPartTfidf(TfidfVectorizer):
    """TF-IDF that shortens the vectors of texts with unknown n-grams.

    The usual normalisation ignores unknown n-grams, so one known fragment of an unknown name would weigh as much as a
    fully known text. Here unknown n-grams add to the length with the idf of the rarest known one, so that the logits of
    unknown names move towards the prior.
    """

    def build_analyzer(self) -> Callable[[str], list[str]]:
        """Return the function that extracts the n-grams. It notes how many each text has, to extract them only once."""
        ngrams_of = cast("Callable[[str], list[str]]", super().build_analyzer())
        self._sizes: list[int] = []

        def extracted(text: str) -> list[str]:
            ngrams = ngrams_of(text)
            self._sizes.append(len(ngrams))
            return ngrams

        return extracted

    def fit_transform(self, raw_documents: list[str], y: object = None) -> csr_matrix:
        """Learn the vocabulary and idf, and return the matrix of the texts, shape (n, features)."""
        return self._shortened(cast(csr_matrix, super().fit_transform(raw_documents, y)))

    def transform(self, raw_documents: list[str]) -> csr_matrix:
        """Return the matrix of the texts, shape (n, features), with rows of length 0 to 1."""
        return self._shortened(cast(csr_matrix, super().transform(raw_documents)))

    def _shortened(self, matrix: csr_matrix) -> csr_matrix:
        squares = np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel()
        unseen = np.array(self._sizes) - np.diff(matrix.indptr)
        lengths = np.sqrt(squares + unseen * self.idf_.max() ** 2)
        lengths[lengths == 0] = 1.0
        return csr_matrix(diags_array(1 / lengths) @ matrix)


def build_vectoriser() -> FeatureUnion:
    """Build a vectoriser of normalised texts: words and word pairs, then characters, each of length up to 1."""
    return FeatureUnion(
        [
            ("words", _counter_of(word_ngrams, _RAREST_WORD)),
            ("characters", _counter_of(character_ngrams, _RAREST_CHARACTERS)),
        ]
    )


def _counter_of(ngrams_of: Callable[[str], list[str]], rarest: int) -> KnownPartTfidf:
    # A dictionary, because type checkers infer too narrow types from scikit-learn's defaults.
    options: dict[str, Any] = {
        "analyzer": ngrams_of,
        "min_df": rarest,
        "lowercase": False,
        "binary": True,
        "norm": None,
    }
    return KnownPartTfidf(**options)


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

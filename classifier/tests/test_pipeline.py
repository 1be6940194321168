from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from classifier.pipeline import INVERSE_REGULARISATION, build_vectoriser, fit_regression, labels
from classifier.tests.small import small_samples


def loss(regression, matrix, samples) -> float:
    """Return the loss that the regression minimises: the weighted log loss plus the size of the coefficients."""
    chances = regression.predict_log_proba(matrix)[
        np.arange(len(samples)), np.searchsorted(regression.classes_, labels(samples))
    ]
    weights = np.array([sample.weight for sample in samples])
    return -INVERSE_REGULARISATION * float(weights @ chances) + float((regression.coef_**2).sum()) / 2


@pytest.mark.parametrize("heavy", [1.0, 150.0])
def test_the_regression_comes_near_the_optimum_however_heavy_some_samples_are(heavy):
    samples = [
        replace(sample, weight=sample.weight * heavy if number % 50 == 0 else sample.weight)
        for number, sample in enumerate(small_samples())
    ]
    matrix = build_vectoriser().fit_transform([sample.text for sample in samples])
    best = LogisticRegression(C=INVERSE_REGULARISATION, max_iter=2_000, tol=1e-6).fit(
        matrix, labels(samples), sample_weight=np.array([sample.weight for sample in samples])
    )
    assert loss(fit_regression(matrix, samples), matrix, samples) < 1.02 * loss(best, matrix, samples)

from dataclasses import replace

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from classifier.categories import SLUGS
from classifier.features import character_ngrams, word_ngrams
from classifier.feedback import Shared
from classifier.learner import train_model
from classifier.pipeline import INVERSE_REGULARISATION, build_vectoriser, fit_regression, labels
from classifier.tests.small import small_samples
from classifier.training_set import with_feedback


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


def test_the_vectors_are_those_of_scikit_learn_and_shorter_with_unknown_ngrams():
    texts = [sample.text for sample in small_samples()[:300]]
    other = ["coffee with an unheardof", *(sample.text for sample in small_samples()[300:400])]
    vectoriser = build_vectoriser()
    found = [vectoriser.fit_transform(texts).toarray(), vectoriser.transform(other).toarray()]
    start = 0
    for (_, part), ngrams_of, rarest in zip(
        vectoriser.transformer_list, (word_ngrams, character_ngrams), (2, 3), strict=True
    ):
        usual = TfidfVectorizer(analyzer=ngrams_of, min_df=rarest, binary=True, norm=None).fit(texts)
        places = [usual.vocabulary_[ngram] for ngram in part.ngrams_]
        assert len(places) == len(usual.vocabulary_)
        for matrix, chosen in zip(found, (texts, other), strict=True):
            expected = usual.transform(chosen).toarray()[:, places]
            unknown = np.array([len(ngrams_of(text)) for text in chosen]) - (expected > 0).sum(axis=1)
            lengths = np.sqrt((expected**2).sum(axis=1) + unknown * usual.idf_.max() ** 2)
            np.testing.assert_allclose(matrix[:, start : start + len(places)] * lengths[:, None], expected, atol=1e-9)
        start += len(places)


def test_an_approved_correction_is_learned_even_if_no_file_has_its_word():
    corrections = [Shared("演劇", "leisure-gifts", 1), Shared("vorquest", "education-growth", 1)]
    scorer = train_model(with_feedback(list(small_samples()), corrections), {}).artifact.scorer
    answers = scorer.probabilities([each.text for each in corrections]).argmax(axis=1)
    assert [SLUGS[answer] for answer in answers] == [each.category for each in corrections]

import csv
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.artifact import from_bytes
from classifier.categories import SLUGS
from classifier.features import readable_ngrams, script_of
from classifier.tests.small import small_artifact, small_samples, small_training
from classifier.text import normalise

HELD_OUT = [Path(__file__).parent / "data" / name for name in ("held_out.csv", "world.csv", "fresh.csv")]


@pytest.fixture(scope="module")
def scorer():
    return from_bytes(small_artifact()).scorer


def logits_of_scikit_learn(texts: list[str]) -> np.ndarray:
    return small_training().pipeline.decision_function(texts)


def test_scores_equal_those_of_scikit_learn(scorer):
    rows = [row for path in HELD_OUT for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())]
    texts = [normalise(row["text"]) for row in rows]
    texts += [sample.text for sample in small_samples()[::10]] + ["", "?", "a", "x" * 400, "😀"]
    np.testing.assert_allclose(scorer.logits(texts), logits_of_scikit_learn(texts), rtol=0, atol=1e-9)


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_any_text_scores_as_with_scikit_learn(scorer, text):
    texts = [normalise(text)]
    np.testing.assert_allclose(scorer.logits(texts), logits_of_scikit_learn(texts), rtol=0, atol=1e-9)


def test_probabilities_add_up_and_do_not_depend_on_the_batch(scorer):
    texts = ["coffee", "taxi home", "", "חשבון חשמל"]
    together = scorer.probabilities(texts)
    assert together.shape == (4, len(SLUGS))
    np.testing.assert_allclose(together.sum(axis=1), 1)
    np.testing.assert_allclose(together, [scorer.probabilities([text])[0] for text in texts], atol=1e-12)
    assert scorer.probabilities([]).shape == (0, len(SLUGS))


def test_contributions_add_up_to_the_score(scorer):
    text, position = "coffee with dana", SLUGS.index("food-drinks")
    found = scorer.contributions(text, position)
    score = (scorer.logits([text])[0, position] - scorer.intercept[position]) * scorer.sharpness[0, 1]
    assert sum(found.values()) == pytest.approx(score)
    assert max(found, key=found.get) == "w:coffee"
    assert set(found) <= set(readable_ngrams(text))


def known_word(script: int) -> str:
    """Return the commonest word of a script in the training texts."""
    words = Counter(word for sample in small_samples() for word in sample.text.split() if script_of(word) == script)
    return words.most_common(1)[0][0]


def test_texts_are_calibrated_by_script_and_familiarity(scorer):
    texts = {
        (0, 1): "coffee",
        (1, 1): "קפה",
        (2, 1): known_word(2),
        (0, 0): "qzxvj wkpfy",
        (1, 0): "זזצץ",
        (2, 0): "щъыщ",
    }
    flat = replace(scorer, sharpness=np.ones((3, 2))).probabilities(list(texts.values())).max(axis=1)
    for place in texts:
        sharpness = np.ones((3, 2))
        sharpness[place] = 2.0
        found = replace(scorer, sharpness=sharpness).probabilities(list(texts.values())).max(axis=1)
        assert {each for each, after, before in zip(texts, found, flat, strict=True) if after > before} == {place}


def test_words_that_a_fold_never_saw_do_not_make_a_text_familiar(scorer):
    """Its n-grams are those of the whole model, with zeros for what it didn't see. They stay so when it is stored."""
    forgetful = replace(scorer, coefficients=np.zeros_like(scorer.coefficients), sharpness=np.array([[0.5, 2.0]] * 3))
    doubled = replace(forgetful, sharpness=np.full((3, 2), 0.5))
    np.testing.assert_array_equal(forgetful.probabilities(["coffee"]), doubled.probabilities(["coffee"]))
    for before, after in zip(
        small_training().artifact.folds, from_bytes(small_artifact(), with_folds=True).folds, strict=True
    ):
        np.testing.assert_array_equal(before.coefficients.any(axis=1), after.coefficients.any(axis=1))


def test_an_unknown_name_is_less_sure_than_a_known_word(scorer):
    known, unknown = scorer.probabilities(["coffee", "qzxvj wkpfy"]).max(axis=1)
    assert known > 0.7 > unknown


def test_a_stored_model_scores_as_before_it_was_stored(scorer):
    before = small_training().artifact
    texts = [sample.text for sample in small_samples()[:50]]
    np.testing.assert_array_equal(scorer.logits(texts), before.scorer.logits(texts))
    stored = from_bytes(small_artifact(), with_folds=True).folds
    assert len(stored) == 3
    for one, other in zip(stored, before.folds, strict=True):
        np.testing.assert_allclose(one.logits(texts), other.logits(texts), atol=0.2)

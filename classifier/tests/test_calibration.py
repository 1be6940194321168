import numpy as np
import pytest

from classifier.calibration import Uncalibrated, calibrated, calibrated_kinds

RANDOM = np.random.default_rng(7)


def answers(scripts: np.ndarray, familiar: np.ndarray, factor: np.ndarray) -> Uncalibrated:
    """Return answers whose best sharpness is 1 / factor."""
    logits = RANDOM.normal(0, 2, (len(scripts), 7))
    chances = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    truth = np.array([RANDOM.choice(7, p=row) for row in chances])
    return Uncalibrated(logits * factor[:, None], truth, np.ones(len(truth)), scripts, familiar)


def test_each_script_is_calibrated_by_itself_familiar_texts_apart_from_others():
    scripts, familiar = np.repeat([0, 0, 1, 1, 2, 2], 2500), np.tile(np.repeat([True, False], 2500), 3)
    factor = np.repeat([1.0, 2.0, 0.5, 1.0, 0.8, 0.7], 2500)
    found = calibrated(answers(scripts, familiar, factor))
    assert found == pytest.approx(np.array([[1 / 2.0, 1.0], [1.0, 1 / 0.5], [1 / 0.7, 1 / 0.8]]), rel=0.12)


def test_unfamiliar_latin_texts_may_be_of_a_language_that_held_out_texts_lack():
    texts = answers(np.zeros(6000, dtype=int), np.arange(6000) % 2 == 0, np.ones(6000))
    found = calibrated(texts)
    assert found[0, 0] < 0.9 < found[0, 1]
    unsure = texts.probabilities(found).max(axis=1)[~texts.familiar].mean()
    assert unsure < texts.probabilities(np.ones((3, 2))).max(axis=1)[~texts.familiar].mean()


def test_a_script_with_few_texts_is_calibrated_like_all():
    scripts = np.repeat([0, 2], [5000, 100])
    found = calibrated(answers(scripts, np.ones(5100, dtype=bool), np.full(5100, 2.0)))
    assert found[2] == pytest.approx(found[1])
    assert found[2, 1] == pytest.approx(0.5, rel=0.12)


def test_kinds_have_one_sharpness():
    found = calibrated_kinds(answers(np.zeros(3000, dtype=int), np.ones(3000, dtype=bool), np.ones(3000)))
    assert found.shape == (3, 2)
    assert len(set(found.ravel())) == 1

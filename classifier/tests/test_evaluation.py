import numpy as np
import pytest

from classifier import evaluation


def test_figures_against_scikit_learn():
    from sklearn.metrics import confusion_matrix, f1_score

    random = np.random.default_rng(5)
    truth = random.integers(0, 6, 300)
    probabilities = random.dirichlet(np.ones(7) * 0.4, 300)
    answers = probabilities.argmax(axis=1)
    found = evaluation.make_report(probabilities, truth)
    assert found.accuracy == pytest.approx((answers == truth).mean())
    assert found.macro_f1 == pytest.approx(f1_score(truth, answers, labels=range(6), average="macro"))
    assert found.confusion == confusion_matrix(truth, answers, labels=range(7)).tolist()
    sure = probabilities.max(axis=1) >= 0.7
    assert found.coverage == pytest.approx(sure.mean())
    assert found.sure_accuracy == pytest.approx((answers == truth)[sure].mean())


def test_calibration_error_by_hand():
    confidence, right = np.array([0.95, 0.95, 0.55, 0.55]), np.array([True, False, True, True])
    error = evaluation.calibration_error(confidence, right, np.ones(4))
    assert error == pytest.approx((2 * 0.45 + 2 * 0.45) / 4)


def test_the_best_sharpness_undoes_overconfidence():
    random = np.random.default_rng(6)
    logits = random.normal(0, 2, (4000, 7))
    chances = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    truth = np.array([random.choice(7, p=row) for row in chances])
    found = evaluation.best_sharpness(logits * 2.5, truth, np.ones(len(truth)))
    assert found == pytest.approx(1 / 2.5, rel=0.07)


def test_folds_are_the_same_every_time():
    assert [evaluation.fold_of(name) for name in ("coffee", "taxi", "rent", "קפה")] == [1, 1, 1, 2]

"""The benchmarks of the classifier measure what they say."""

import pytest

from benchmarks import accuracy, replay
from classifier.models import Memory

HISTORY = [("Coffee", "food-drinks"), ("Taxi home", "transportation"), ("My hut", "leisure-gifts")] * 4


def test_accuracy_counts_right_answers(model):
    found = accuracy.measure([("coffee", "food-drinks"), ("taxi home", "transportation"), ("coffee", "other")])
    assert found["n"] == 3
    assert found["accuracy"] == pytest.approx(2 / 3, abs=0.001)
    assert set(found) == {"n", "accuracy", "macro_f1", "coverage_70", "accuracy_70", "ece"}


def test_replay_learns_after_each_prediction_and_leaves_nothing(model):
    found = replay.replay(HISTORY, None)
    assert found["n"] == 12
    assert found["repeat"] == 1
    assert found["novel"] >= 2 / 3
    assert not Memory.objects.exists()


def test_replay_without_any_correction_never_learns(model):
    found = replay.replay([("My hut", "education-growth")] * 10, 0.0)
    assert found["all"] == 0
    assert replay.replay([("My hut", "education-growth")] * 10, 1.0)["all"] == 0.9


def test_replay_of_nothing(model):
    assert replay.replay([], None) == {"n": 0, "all": None, "first_50": None, "novel": None, "repeat": None}

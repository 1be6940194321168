"""The gate refuses a model that is worse beyond noise, and no other."""

from collections.abc import Sequence

import numpy as np
import pytest

from classifier.activation_verdict import Unlearned, Verdict, reasons, unlearned
from classifier.categories import SLUGS
from classifier.evaluation import HeldOut
from classifier.feedback import Shared
from classifier.model_comparison import CALIBRATION_ERROR, MACRO_F1, Comparison, compare_models
from classifier.training_samples import Sample

RANDOM = np.random.default_rng(20)
GROUPS, EACH = 700, 4


def answers(right: np.ndarray, truth: np.ndarray, confidence: float = 0.8) -> np.ndarray:
    """Return probabilities that name the truth where `right`, else the next class."""
    chosen = np.where(right, truth, (truth + 1) % 7)
    rest = (1 - confidence) / 6
    return np.full((len(truth), 7), rest) + np.eye(7)[chosen] * (confidence - rest)


def held(right: np.ndarray, truth: np.ndarray, confidence: float = 0.8) -> HeldOut:
    groups = np.repeat([f"group {number}" for number in range(GROUPS)], EACH)
    return HeldOut(answers(right, truth, confidence), truth, np.ones(len(truth)), groups)


def models(seed: int, changed: float, lost: float) -> tuple[HeldOut, HeldOut]:
    """Return a new and an active model, 80 % right. changed: groups that flip by chance. lost: that are wrong now."""
    random = np.random.default_rng(seed)
    truth = np.repeat(random.integers(0, 7, GROUPS), EACH)
    before = np.repeat(random.random(GROUPS) < 0.8, EACH)
    flips = np.repeat(random.random(GROUPS) < changed, EACH)
    after = np.where(flips, np.repeat(random.random(GROUPS) < 0.8, EACH), before)
    after &= ~np.repeat(random.random(GROUPS) < lost, EACH)
    return held(after, truth), held(before, truth)


def worse(comparisons: Sequence[Comparison]) -> set[str]:
    return {each.figure for each in comparisons if each.worse}


def test_the_same_answers_are_never_worse():
    new, _ = models(1, 0, 0)
    found = compare_models(new, new, SLUGS)
    assert not worse(found)
    assert all(each.low == each.high == 0 for each in found)


def test_noise_is_let_through_and_a_loss_is_not():
    noise = [bool(worse(compare_models(*models(seed, 0.05, 0), SLUGS))) for seed in range(60)]
    loss = [MACRO_F1 in worse(compare_models(*models(seed, 0.03, 0.08), SLUGS)) for seed in range(20)]
    assert sum(noise) <= 4
    assert all(loss)


def test_the_interval_holds_the_difference_of_the_figures():
    new, active = models(3, 0.05, 0.02)
    by_name = {each.figure: each for each in compare_models(new, active, SLUGS)}
    assert set(by_name) == {MACRO_F1, CALIBRATION_ERROR, *SLUGS}
    for each in by_name.values():
        assert each.low < each.after - each.before < each.high
    assert by_name[MACRO_F1].before == pytest.approx(active.report().macro_f1, abs=1e-5)
    assert by_name[CALIBRATION_ERROR].after == pytest.approx(new.report().calibration_error, abs=1e-5)


def test_a_loss_in_one_category_alone_is_found():
    new, active = models(4, 0, 0)
    lost = (new.truth == 2) & np.repeat(RANDOM.random(GROUPS) < 0.3, EACH)
    changed = held((new.probabilities.argmax(axis=1) == new.truth) & ~lost, new.truth)
    assert SLUGS[2] in worse(compare_models(changed, active, SLUGS))


def test_a_category_with_few_groups_is_not_tested_by_itself():
    new, _ = models(5, 0, 0)
    rare = np.where((new.truth == 6) & (np.arange(len(new.truth)) >= 40 * EACH), 0, new.truth)
    right = new.probabilities.argmax(axis=1) == new.truth
    assert SLUGS[6] not in {each.figure for each in compare_models(held(right, rare), held(right, rare), SLUGS)}


def test_the_same_answers_with_too_much_confidence_are_worse():
    new, active = models(6, 0, 0)
    right = new.probabilities.argmax(axis=1) == new.truth
    assert worse(compare_models(held(right, new.truth, 0.99), active, SLUGS)) == {CALIBRATION_ERROR}


class Always:
    """A model that always answers Food & Drinks."""

    def probabilities(self, texts: list[str]) -> np.ndarray:
        return np.tile(np.eye(7)[0], (len(texts), 1))


def test_what_was_approved_must_be_learned_unless_something_contradicts_it():
    corrections = [
        Shared("rice", "food-drinks", 1),
        Shared("taxi", "transportation", 2),
        Shared("amazon", "leisure-gifts", 1),
        Shared("amazon", "other", 1),
        Shared("gym", "leisure-gifts", 1),
    ]
    files = [Sample("gym", "health-essentials", 1.0, "gym", "en"), Sample("taxi", "transportation", 1.0, "taxi", "en")]
    missed, clear = unlearned(Always(), corrections, files)
    assert (missed, clear) == ([Unlearned("taxi", "transportation", "food-drinks")], 2)
    verdict = Verdict(unlearned=missed, clear=clear)
    assert verdict.refused
    assert reasons(verdict.as_dict()) == ["It answers 1 of 2 approved corrections differently."]
    assert not Verdict(unlearned=missed, clear=20).refused


def test_the_reasons_are_sentences():
    found = [
        Comparison(MACRO_F1, 0.6, 0.58, -0.03, -0.01, True),
        Comparison("transportation", 0.7, 0.5, -0.3, -0.1, True),
        Comparison("other", 0.5, 0.49, -0.02, 0.01, False),
    ]
    kinds = [Comparison(CALIBRATION_ERROR, 0.01, 0.04, 0.02, 0.04, True)]
    assert reasons(Verdict(found, kinds).as_dict()) == [
        "Macro-F1 of categories fell from 0.600 to 0.580 (95% interval -0.030 to -0.010).",
        "F1 of Transportation fell from 0.700 to 0.500 (95% interval -0.300 to -0.100).",
        "Calibration error of kinds rose from 0.010 to 0.040 (95% interval +0.020 to +0.040).",
    ]

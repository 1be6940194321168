"""Train a model from samples, cross-validate and calibrate it, and export it for serving."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline
from threadpoolctl import threadpool_limits

from classifier.artifact import Artifact, Part
from classifier.categories import SLUGS
from classifier.evaluation import FOLDS, HeldOut, best_sharpness, fold_of
from classifier.features import SCRIPTS, hashed, script_of
from classifier.kinds import LABELS, UNSURE, Direction, Kind, by_kind, kind_of
from classifier.pipeline import assemble, build_vectoriser, fit_regression, labels
from classifier.scorer import Scorer
from classifier.seed import Sample

# Real texts are more varied than held-out training texts, so calibration may barely raise the model's confidence. In
# Latin letters it may raise it least, because texts of unknown languages look like known ones. By script.
_MOST_SHARPNESS = np.array([1.1, 1.4, 1.4])
# Of scripts with fewer samples, calibration is that of all.
_FEWEST_OF_SCRIPT = 500
# The fold models of kinds lack a third of the wordings, which banks share. The whole model is right more often, so it
# may be surer by this factor. benchmarks/kinds.py measures it.
_SURER_KINDS = 1.3

Progress = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Training:
    """The result of a training. pipeline: the scikit-learn model of the categories.

    categories, kinds: the answers of the fold models. kinds is None without samples of them.
    """

    artifact: Artifact
    categories: HeldOut
    kinds: HeldOut | None
    pipeline: Pipeline


@dataclass(frozen=True, eq=False)
class _Fitted:
    part: Part
    pipeline: Pipeline
    probabilities: np.ndarray
    """Of the samples, each by a model that never saw its group."""


@threadpool_limits.wrap(limits=1)  # more threads of BLAS than free cores make it five times slower
def train_model(
    samples: list[Sample],
    kinds: Mapping[Direction, list[Sample]],
    progress: Progress = lambda message: None,
) -> Training:
    """Train on the samples. Calibration and reports come from a cross-validation that holds out whole groups."""
    progress(f"Counting the n-grams of {len(samples):,} texts")
    found = _fit(samples, SLUGS, lambda best: np.minimum(best, _MOST_SHARPNESS), progress, by_script=True)
    fitted: dict[Direction, _Fitted] = {}
    for direction, chosen in kinds.items():
        progress(f"Learning the kinds of {len(chosen):,} texts, {direction}")
        fitted[direction] = _fit(chosen, LABELS[direction], lambda best: best * _SURER_KINDS)
    probabilities = {direction: one.probabilities for direction, one in fitted.items()}
    return Training(
        Artifact(found.part.scorer, found.part.folds, {direction: one.part for direction, one in fitted.items()}),
        _of_samples(found.probabilities, samples),
        _of_kinds(probabilities, kinds),
        found.pipeline,
    )


def held_out(folds: tuple[Scorer, ...], samples: list[Sample]) -> HeldOut:
    """Return the answers of the fold models of an earlier training, each to the groups that it was not trained on."""
    return _of_samples(_answers(folds, samples), samples)


def held_out_kinds(parts: Mapping[Direction, Part], kinds: Mapping[Direction, list[Sample]]) -> HeldOut | None:
    """Return the answers of the kinds of an earlier training like `held_out`. None if it had none."""
    return _of_kinds({direction: _answers(part.folds, kinds[direction]) for direction, part in parts.items()}, kinds)


def export_scorers(
    vectoriser: FeatureUnion, regressions: Sequence[LogisticRegression], sharpness: np.ndarray
) -> list[Scorer]:
    """Export a vectoriser with each regression, as arrays sorted by hash.

    Raises ValueError if two n-grams have the same hash.
    """
    parts = [part for _, part in vectoriser.transformer_list]
    names = [name for part in parts for name in part.get_feature_names_out()]
    keys = np.fromiter(map(hashed, names), dtype=np.uint64, count=len(names))
    order = np.argsort(keys)
    if (np.diff(keys[order]) == 0).any():
        raise ValueError("Two n-grams have the same hash.")
    shared = {
        "keys": keys[order],
        "idf": np.concatenate([part.idf_ for part in parts]).astype(np.float32)[order],
        "unseen_idf": np.array([part.idf_.max() for part in parts]),
    }
    return [
        Scorer(
            **shared,
            coefficients=regression.coef_.T.astype(np.float16)[order],
            intercept=np.array(regression.intercept_, dtype=float),
            sharpness=sharpness,
        )
        for regression in regressions
    ]


def _fit(
    samples: list[Sample],
    classes: Sequence[str],
    sharpened: Callable[[np.ndarray], np.ndarray],
    progress: Progress = lambda message: None,
    by_script: bool = False,
) -> _Fitted:
    """Train on the samples, for each fold and on all. sharpened: of the best for held-out samples, (scripts,)."""
    vectoriser = build_vectoriser()
    matrix = cast(csr_matrix, vectoriser.fit_transform([sample.text for sample in samples]))
    folds = _folds(samples)
    truth, weights = labels(samples, classes), _weights(samples)
    logits = np.zeros((len(samples), len(classes)))
    regressions = []
    for fold in range(FOLDS):
        progress(f"Cross-validation, fold {fold + 1} of {FOLDS}")
        inside = np.flatnonzero(folds != fold)
        regressions.append(fit_regression(matrix[inside], [samples[place] for place in inside], classes))
        logits[folds == fold] = regressions[-1].decision_function(matrix[folds == fold])
    progress("Training on everything")
    whole = fit_regression(matrix, samples, classes)
    pipeline = assemble(vectoriser, whole)
    scripts = np.array([script_of(sample.text) if by_script else 0 for sample in samples])
    sharpness = sharpened(_best_by_script(logits, truth, weights, scripts))
    scorer, *fold_scorers = export_scorers(vectoriser, [whole, *regressions], sharpness)
    return _Fitted(Part(scorer, tuple(fold_scorers)), pipeline, _softmax(logits * sharpness[scripts][:, None]))


def _best_by_script(logits: np.ndarray, truth: np.ndarray, weights: np.ndarray, scripts: np.ndarray) -> np.ndarray:
    best = np.full(len(SCRIPTS), best_sharpness(logits, truth, weights))
    for script in range(len(SCRIPTS)):
        chosen = scripts == script
        if chosen.sum() >= _FEWEST_OF_SCRIPT:
            best[script] = best_sharpness(logits[chosen], truth[chosen], weights[chosen])
    return best


def _answers(folds: tuple[Scorer, ...], samples: list[Sample]) -> np.ndarray:
    """Return the probabilities of the samples, each by the model of its fold."""
    places = _folds(samples)
    probabilities = np.zeros((len(samples), len(folds[0].intercept)))
    for fold, scorer in enumerate(folds):
        chosen = np.flatnonzero(places == fold)
        probabilities[chosen] = scorer.probabilities([samples[place].text for place in chosen])
    return probabilities


def _of_samples(probabilities: np.ndarray, samples: list[Sample]) -> HeldOut:
    groups = np.array([sample.group for sample in samples])
    return HeldOut(probabilities, labels(samples), _weights(samples), groups)


def _of_kinds(
    probabilities: Mapping[Direction, np.ndarray], samples: Mapping[Direction, list[Sample]]
) -> HeldOut | None:
    """Return the answers in both directions together. Only the kind counts, and unsure texts are left out."""
    if not probabilities:
        return None
    answers, truth, weights, groups = [], [], [], []
    for direction, of_labels in probabilities.items():
        clear = [place for place, sample in enumerate(samples[direction]) if sample.category != UNSURE]
        answers.append(by_kind(direction, of_labels[clear]))
        truth += [list(Kind).index(kind_of(samples[direction][place].category)) for place in clear]
        weights += [samples[direction][place].weight for place in clear]
        groups += [samples[direction][place].group for place in clear]
    return HeldOut(np.concatenate(answers), np.array(truth), np.array(weights), np.array(groups))


def _folds(samples: list[Sample]) -> np.ndarray:
    return np.array([fold_of(sample.group) for sample in samples])


def _weights(samples: list[Sample]) -> np.ndarray:
    return np.array([sample.weight for sample in samples])


def _softmax(logits: np.ndarray) -> np.ndarray:
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)

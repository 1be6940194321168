"""Train a model from samples, cross-validate and calibrate it, and export it for serving."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline
from threadpoolctl import threadpool_limits

from classifier.artifact import Artifact, ArtifactPart
from classifier.calibration import Uncalibrated, calibrated, calibrated_kinds
from classifier.categories import SLUGS
from classifier.evaluation import FOLDS, HeldOut, fold_of
from classifier.features import hashed, script_of
from classifier.kinds import LABELS, UNSURE, Direction, Kind, by_kind, kind_of_label
from classifier.pipeline import assemble, build_vectoriser, fit_regression, labels
from classifier.scorer import FAMILIAR, Scorer
from classifier.training_samples import Sample

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
    part: ArtifactPart
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
    found = _fit(build_vectoriser(), samples, SLUGS, calibrated, progress)
    fitted: dict[Direction, _Fitted] = {}
    for direction, chosen in kinds.items():
        progress(f"Learning the kinds of {len(chosen):,} texts, {direction}")
        fitted[direction] = _fit(build_vectoriser(), chosen, LABELS[direction], calibrated_kinds)
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


def held_out_kinds(parts: Mapping[Direction, ArtifactPart], kinds: Mapping[Direction, list[Sample]]) -> HeldOut | None:
    """Return the answers of the kinds of an earlier training like `held_out`. None if it had none."""
    return _of_kinds({direction: _answers(part.folds, kinds[direction]) for direction, part in parts.items()}, kinds)


def _export_scorers(
    vectoriser: FeatureUnion, regressions: Sequence[LogisticRegression], sharpness: np.ndarray
) -> list[Scorer]:
    """Export a vectoriser with each regression, as arrays sorted by hash.

    Raises ValueError if two n-grams have the same hash.
    """
    parts = [part for _, part in vectoriser.transformer_list]
    names = [ngram for part in parts for ngram in part.ngrams_]
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
    vectoriser: FeatureUnion,
    samples: list[Sample],
    classes: Sequence[str],
    sharpness_for: Callable[[Uncalibrated], np.ndarray],
    progress: Progress = lambda message: None,
) -> _Fitted:
    """Train on the samples, for each fold and on all. sharpness_for: chooses the sharpness, (scripts, 2)."""
    texts = [sample.text for sample in samples]
    matrix = cast(csr_matrix, vectoriser.fit_transform(texts))
    words = cast(csr_matrix, matrix[:, : len(vectoriser.transformer_list[0][1].ngrams_)]).power(2)
    folds = _folds(samples)
    scripts = np.fromiter(map(script_of, texts), dtype=int, count=len(texts))
    logits, familiar = np.zeros((len(samples), len(classes))), np.zeros(len(samples), dtype=bool)
    answers = Uncalibrated(logits, labels(samples, classes), _weights(samples), scripts, familiar)
    regressions = []
    for fold in range(FOLDS):
        progress(f"Cross-validation, fold {fold + 1} of {FOLDS}")
        inside, outside = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        regressions.append(fit_regression(matrix[inside], [samples[place] for place in inside], classes))
        logits[outside] = regressions[-1].decision_function(matrix[outside])
        seen = regressions[-1].coef_[:, : words.shape[1]].any(axis=0)
        familiar[outside] = words[outside] @ seen >= FAMILIAR
    progress("Training on everything")
    whole = fit_regression(matrix, samples, classes)
    pipeline = assemble(vectoriser, whole)
    sharpness = sharpness_for(answers)
    scorer, *fold_scorers = _export_scorers(vectoriser, [whole, *regressions], sharpness)
    return _Fitted(ArtifactPart(scorer, tuple(fold_scorers)), pipeline, answers.probabilities(sharpness))


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
        truth += [list(Kind).index(kind_of_label(samples[direction][place].category)) for place in clear]
        weights += [samples[direction][place].weight for place in clear]
        groups += [samples[direction][place].group for place in clear]
    return HeldOut(np.concatenate(answers), np.array(truth), np.array(weights), np.array(groups))


def _folds(samples: list[Sample]) -> np.ndarray:
    return np.array([fold_of(sample.group) for sample in samples])


def _weights(samples: list[Sample]) -> np.ndarray:
    return np.array([sample.weight for sample in samples])

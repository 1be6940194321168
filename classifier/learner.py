"""Train a model from samples, cross-validate and calibrate it, and export it for serving."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline
from threadpoolctl import threadpool_limits

from classifier.artifact import Artifact
from classifier.evaluation import FOLDS, Report, best_sharpness, fold_of, make_report
from classifier.features import hashed
from classifier.pipeline import assemble, build_vectoriser, fit_regression, labels
from classifier.scorer import Scorer
from classifier.seed import Sample

# Real texts are more varied than held-out training texts, so calibration may barely raise the model's confidence.
_MOST_SHARPNESS = 1.1

Progress = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Training:
    """The result of a training. report: cross-validated. pipeline: the scikit-learn model behind the artifact."""

    artifact: Artifact
    report: Report
    pipeline: Pipeline


@threadpool_limits.wrap(limits=1)  # more threads of BLAS than free cores make it five times slower
def train_model(samples: list[Sample], progress: Progress = lambda message: None) -> Training:
    """Train on the samples. Calibration and report come from a cross-validation that holds out whole groups."""
    progress(f"Counting the n-grams of {len(samples):,} texts")
    vectoriser = build_vectoriser()
    matrix = cast(csr_matrix, vectoriser.fit_transform([sample.text for sample in samples]))
    folds = np.array([fold_of(sample.group) for sample in samples])
    truth, weights = labels(samples), np.array([sample.weight for sample in samples])
    logits = np.zeros((len(samples), len(np.unique(truth))))
    regressions = []
    for fold in range(FOLDS):
        progress(f"Cross-validation, fold {fold + 1} of {FOLDS}")
        inside = np.flatnonzero(folds != fold)
        regressions.append(fit_regression(matrix[inside], [samples[place] for place in inside]))
        logits[folds == fold] = regressions[-1].decision_function(matrix[folds == fold])
    progress("Training on everything")
    whole = fit_regression(matrix, samples)
    pipeline = assemble(vectoriser, whole)
    sharpness = min(best_sharpness(logits, truth, weights), _MOST_SHARPNESS)
    artifact = Artifact(
        export_scorer(vectoriser, whole, sharpness),
        tuple(export_scorer(vectoriser, regression, sharpness) for regression in regressions),
    )
    return Training(artifact, make_report(_softmax(logits * sharpness), truth, weights), pipeline)


def cross_validated(folds: tuple[Scorer, ...], samples: list[Sample]) -> Report:
    """Evaluate the fold models of an earlier training. No sample is scored by a model that was trained on its group."""
    places = np.array([fold_of(sample.group) for sample in samples])
    weights = np.array([sample.weight for sample in samples])
    truth = labels(samples)
    probabilities = np.zeros((len(samples), len(folds[0].intercept)))
    for fold, scorer in enumerate(folds):
        chosen = np.flatnonzero(places == fold)
        probabilities[chosen] = scorer.probabilities([samples[place].text for place in chosen])
    return make_report(probabilities, truth, weights)


def export_scorer(vectoriser: FeatureUnion, regression: LogisticRegression, sharpness: float) -> Scorer:
    """Export a vectoriser and its regression as arrays sorted by hash. ValueError if two n-grams have the same hash."""
    parts = [part for _, part in vectoriser.transformer_list]
    names = [name for part in parts for name in part.get_feature_names_out()]
    keys = np.fromiter(map(hashed, names), dtype=np.uint64, count=len(names))
    order = np.argsort(keys)
    if (np.diff(keys[order]) == 0).any():
        raise ValueError("Two n-grams have the same hash.")
    return Scorer(
        keys=keys[order],
        idf=np.concatenate([part.idf_ for part in parts]).astype(np.float32)[order],
        coefficients=regression.coef_.T.astype(np.float16)[order],
        intercept=np.array(regression.intercept_, dtype=float),
        unseen_idf=np.array([part.idf_.max() for part in parts]),
        sharpness=sharpness,
    )


def _softmax(logits: np.ndarray) -> np.ndarray:
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)

"""Train a new model version from the training files and the approved feedback, compare it, and activate it.

One training runs at a time, whoever starts it. Nothing is stored before it is complete.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from classifier import feedback, serving, versions
from classifier.artifact import Artifact, ArtifactError, environment, from_bytes, to_bytes
from classifier.evaluation import Report
from classifier.flips import Flip, flips
from classifier.models import ModelVersion
from classifier.seed import Sample, samples
from classifier.seed_files import read_seed
from classifier.training_set import as_samples, training_fingerprint, with_feedback
from finbrain.core.locks import BusyError, only_one

LOCK = "classifier:training"
_TOLERANCE = 1e-6

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """What a training did.

    number: the new version, None if none was stored. before: the active model on the same folds, None if there is none.
    flips: texts that the new model files otherwise, those that wait for review first.
    """

    message: str
    number: int | None = None
    activated: bool = False
    after: Report | None = None
    before: Report | None = None
    flips: list[Flip] = field(default_factory=list)


def retrain(
    *,
    force: bool = False,
    dry_run: bool = False,
    activate: bool = True,
    progress: Progress = lambda message: None,
) -> Outcome:
    """Train, compare with the active model, store and activate.

    force: train though nothing changed, and activate though macro-F1 fell. dry_run: store nothing. activate: False
    stores the version without serving it. Raises `BusyError` while another training runs, and `SeedError` for a bad
    training file.
    """
    with only_one(LOCK, busy="A training is running already."):
        corrections = feedback.approved()
        mark = training_fingerprint(corrections)
        known = ModelVersion.objects.filter(trained_on__fingerprint=mark).order_by("-active", "-number").first()
        if known and not force and (known.active or not activate):
            return Outcome(f"Nothing changed since version {known.number} was trained.")
        progress("Reading the training files")
        chosen = with_feedback(samples(read_seed()), corrections)
        return _train(chosen, corrections, mark, force, dry_run, activate, progress)


def _train(
    chosen: list[Sample],
    corrections: list[feedback.Shared],
    mark: str,
    force: bool,
    dry_run: bool,
    activate: bool,
    progress: Progress,
) -> Outcome:
    from classifier.learner import cross_validated, train_model  # scikit-learn: not for web processes

    training = train_model(chosen, progress)
    active = _active_artifact()
    before = None
    if active and active.folds:
        progress("Comparing with the active model on the same folds")
        before = cross_validated(active.folds, chosen)
    flipped, waiting = _flips(active, training.artifact, chosen)
    better = before is None or training.report.macro_f1 >= before.macro_f1 - _TOLERANCE
    activated = not dry_run and activate and (better or force)
    number = None
    if not dry_run:  # texts that nobody approved are shown to who trains, and not stored
        number = _store(training.artifact, training.report, before, flipped, len(chosen), len(corrections), mark)
        if activated:
            versions.activate(number)
            serving.forget_model()
    return Outcome(_message(number, activated, better), number, activated, training.report, before, waiting + flipped)


def _flips(active: Artifact | None, new: Artifact, chosen: list[Sample]) -> tuple[list[Flip], list[Flip]]:
    """What the new model files otherwise: of the texts it learned from, and of those that wait for review."""
    if active is None:
        return [], []
    waiting = as_samples(feedback.pending())
    return flips(active.scorer, new.scorer, chosen), flips(active.scorer, new.scorer, waiting)


def ensure_model() -> str:
    """Train and activate a model if the active one is missing, unusable or of other training data; says what it did.

    Approved feedback alone does not count as a change: that is for `retrain`.
    """
    active = ModelVersion.objects.filter(active=True).defer("artifact").order_by("-number").first()
    built_in = training_fingerprint([])
    if active and active.trained_on.get("built_in") == built_in and _active_artifact():
        return f"version {active.number} is up to date."
    try:
        outcome = retrain(force=True)
    except BusyError:
        return "another process is training one."
    return f"version {outcome.number} trained and active."


def rollback(number: int) -> None:
    """Serve an earlier version again; raises `MissingArtifactError` or `ArtifactError` if it cannot be served."""
    from_bytes(versions.artifact(number))
    versions.activate(number)
    serving.forget_model()


def _active_artifact() -> Artifact | None:
    number = versions.active_number()
    try:
        return None if number is None else from_bytes(versions.artifact(number), with_folds=True)
    except (ArtifactError, versions.MissingArtifactError):
        return None


def _store(
    artifact: Artifact,
    after: Report,
    before: Report | None,
    flipped: list[Flip],
    texts: int,
    corrections: int,
    mark: str,
) -> int:
    metrics = {
        **after.as_dict(),
        "before": before.as_dict() if before else None,
        "flips": [flip.as_dict() for flip in flipped],
    }
    trained_on = {
        "texts": texts,
        "corrections": corrections,
        "fingerprint": mark,
        "built_in": training_fingerprint([]),
        "environment": environment(),
    }
    return versions.store_version(to_bytes(artifact), metrics, trained_on).number


def _message(number: int | None, activated: bool, better: bool) -> str:
    if number is None:
        return "Dry run: nothing stored."
    if activated:
        return f"Version {number} is stored and active."
    if not better:
        return f"Version {number} is stored but not active: macro-F1 fell. --rollback {number} serves it."
    return f"Version {number} is stored and not active. Use --rollback {number} to serve it."

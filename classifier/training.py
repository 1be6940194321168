"""Train a new model version from the training files and approved feedback, compare it, and activate it.

Only one training runs at a time, and it stores nothing until it is complete.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from classifier import feedback, serving, versions
from classifier.activation_verdict import Verdict, compare_categories, compare_kinds, reasons, unlearned
from classifier.artifact import Artifact, ArtifactError, environment, from_bytes, to_bytes
from classifier.evaluation import QualityReport
from classifier.flips import Flip, flips
from classifier.kind_training_samples import kind_samples, read_kinds
from classifier.kinds import Direction
from classifier.models import ModelVersion
from classifier.training_files import read_training_data
from classifier.training_samples import Sample, samples
from classifier.training_set import as_samples, training_fingerprint, with_feedback
from finbrain.core.locks import BusyError, only_one

LOCK = "classifier:training"

Progress = Callable[[str], None]


@dataclass(frozen=True)
class TrainingOutcome:
    """The outcome of a training.

    number: the new version, None if none was stored. after, before: the reports of the new and the active model on the
    same folds; before is None without an active model. kinds_after, kinds_before: the same for kinds. flips: changed
    predictions of categories, those of pending corrections first. verdict: whether the new model may replace the other.
    """

    message: str = ""
    number: int | None = None
    activated: bool = False
    after: QualityReport | None = None
    before: QualityReport | None = None
    kinds_after: QualityReport | None = None
    kinds_before: QualityReport | None = None
    flips: list[Flip] = field(default_factory=list)
    verdict: Verdict = field(default_factory=Verdict)


@dataclass(frozen=True)
class _Chosen:
    """What to train on. files: samples of the training files. samples: the same with the corrections.

    mark: the fingerprint of all.
    """

    files: list[Sample]
    samples: list[Sample]
    kinds: Mapping[Direction, list[Sample]]
    corrections: list[feedback.Shared]
    mark: str


def retrain(
    *,
    force: bool = False,
    dry_run: bool = False,
    activate: bool = True,
    progress: Progress = lambda message: None,
) -> TrainingOutcome:
    """Train a model, compare it with the active one, store it and activate it.

    force: train even if nothing changed, and activate even a worse model. dry_run: store nothing. activate: False
    stores the version without activating it. Raises `BusyError` while another training is running, and
    `TrainingFileError` for an invalid training file.
    """
    with only_one(LOCK, busy="A training is already running."):
        corrections = feedback.approved()
        mark = training_fingerprint(corrections)
        known = ModelVersion.objects.filter(trained_on__fingerprint=mark).order_by("-active", "-number").first()
        if known and not force and (known.active or not activate):
            return TrainingOutcome(f"Nothing changed since version {known.number} was trained.")
        progress("Reading the training files")
        data = read_training_data()
        categories = samples(data)
        kinds = kind_samples(read_kinds(), data, categories)
        chosen = _Chosen(categories, with_feedback(categories, corrections), kinds, corrections, mark)
        return _train(chosen, force, dry_run, activate, progress)


def _train(chosen: _Chosen, force: bool, dry_run: bool, activate: bool, progress: Progress) -> TrainingOutcome:
    # scikit-learn: not for web processes
    from classifier.learner import held_out, held_out_kinds, train_model

    training = train_model(chosen.samples, chosen.kinds, progress)
    active = _active_artifact()
    before = kinds_before = None
    if active and active.folds:
        progress("Comparing with the active model on the same folds")
        before = held_out(active.folds, chosen.samples)
        kinds_before = held_out_kinds(active.kinds, chosen.kinds)
    flipped, waiting = _flips(active, training.artifact, chosen.samples)
    outcome = TrainingOutcome(
        after=training.categories.report(),
        before=before and before.report(),
        kinds_after=training.kinds and training.kinds.report(),
        kinds_before=kinds_before and kinds_before.report(),
        flips=flipped,
        verdict=Verdict(
            compare_categories(training.categories, before) if before else (),
            compare_kinds(training.kinds, kinds_before),
            *unlearned(training.artifact.scorer, chosen.corrections, chosen.files),
        ),
    )
    activated = not dry_run and activate and (force or not outcome.verdict.refused)
    number = None
    if not dry_run:  # flips of pending corrections are only printed, because nobody has approved their texts
        number = _store(training.artifact, _metrics(outcome), chosen, is_first=active is None)
        if activated:
            versions.activate(number)
            serving.forget_model()
    message = _message(number, activated, outcome.verdict)
    return replace(outcome, message=message, number=number, activated=activated, flips=waiting + flipped)


def _flips(active: Artifact | None, new: Artifact, chosen: list[Sample]) -> tuple[list[Flip], list[Flip]]:
    """Return the changed predictions of the new model: of the training texts, and of pending corrections."""
    if active is None:
        return [], []
    waiting = as_samples(feedback.pending())
    return flips(active.scorer, new.scorer, chosen), flips(active.scorer, new.scorer, waiting)


def ensure_model() -> str:
    """Train and activate a model if the active one is missing, unusable or outdated. Return what was done.

    A model is outdated if the training files or the training code changed. New approved feedback is left to `retrain`.
    """
    if is_up_to_date():
        return f"version {versions.active_number()} is up to date."
    try:
        outcome = retrain(force=True)
    except BusyError:
        return "another process is training one."
    return f"version {outcome.number} trained and active."


def is_up_to_date() -> bool:
    """Whether the active model can be served, and was trained on these training files by this code."""
    active = ModelVersion.objects.filter(active=True).defer("artifact").order_by("-number").first()
    return bool(active and active.trained_on.get("built_in") == training_fingerprint([]) and _active_artifact())


def rollback(number: int) -> None:
    """Activate an earlier version. Raises `MissingArtifactError` or `ArtifactError` if it can't be served."""
    from_bytes(versions.artifact(number))
    versions.activate(number)
    serving.forget_model()


def _active_artifact() -> Artifact | None:
    number = versions.active_number()
    try:
        return None if number is None else from_bytes(versions.artifact(number), with_folds=True)
    except (ArtifactError, versions.MissingArtifactError):
        return None


def _metrics(outcome: TrainingOutcome) -> dict[str, object]:
    reports = {"before": outcome.before, "kinds": outcome.kinds_after, "kinds_before": outcome.kinds_before}
    return {
        **(outcome.after.as_dict() if outcome.after else {}),
        **{name: report and report.as_dict() for name, report in reports.items()},
        "flips": [flip.as_dict() for flip in outcome.flips],
        "verdict": outcome.verdict.as_dict(),
    }


def _store(artifact: Artifact, metrics: dict[str, object], chosen: _Chosen, *, is_first: bool) -> int:
    trained_on = {
        versions.ENTRIES_WAIT: is_first,
        "texts": len(chosen.samples),
        "texts_of_kinds": sum(map(len, chosen.kinds.values())),
        "corrections": len(chosen.corrections),
        "fingerprint": chosen.mark,
        "built_in": training_fingerprint([]),
        "environment": environment(),
    }
    return versions.store_version(to_bytes(artifact), metrics, trained_on).number


def _message(number: int | None, activated: bool, verdict: Verdict) -> str:
    why = reasons(verdict.as_dict())
    if number is None:
        return " ".join(["Dry run: nothing stored.", *why])
    if activated:
        return f"Version {number} is stored and active."
    return " ".join([f"Version {number} is stored but not active.", *why, f"Use --rollback {number} to activate it."])

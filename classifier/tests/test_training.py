import io
import os
import signal
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from bson import ObjectId
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection

from classifier import feedback, learner, serving, training, versions
from classifier.evaluation import HeldOut
from classifier.models import Feedback, FeedbackStatus, ModelVersion
from classifier.pipeline import labels
from classifier.suggest import suggest
from classifier.tests.small import small_kind_samples, small_samples, small_training
from finbrain.core import locks
from finbrain.tests.waiting import SECONDS, until


@pytest.fixture
def small_files(db, fresh_serving, monkeypatch):
    """Make trainings use the small set of samples."""
    monkeypatch.setattr(training, "read_training_data", lambda: None)
    monkeypatch.setattr(training, "read_kinds", lambda: None)
    monkeypatch.setattr(training, "samples", lambda seed: list(small_samples()))
    monkeypatch.setattr(training, "kind_samples", lambda *parts: small_kind_samples())


@pytest.fixture
def small(small_files, monkeypatch):
    """The same, and learning from just these samples is done once for all tests, because it always gives the same."""
    learn = learner.train_model

    def train_model(chosen, kinds, progress):
        return small_training() if chosen == list(small_samples()) else learn(chosen, kinds, progress)

    monkeypatch.setattr(learner, "train_model", train_model)


def approve(text: str, category: str, people: int = 3) -> None:
    share(text, category, people)
    review(FeedbackStatus.APPROVED)


def share(text: str, category: str, people: int = 3) -> None:
    for _ in range(people):
        feedback.record_correction(
            ledger_id=ObjectId(),
            text=text,
            suggested="other",
            confidence=0.3,
            chosen=category,
            model_version=1,
            share=True,
        )


def review(status: FeedbackStatus) -> None:
    feedback.review(Feedback.objects.filter(status=FeedbackStatus.PENDING), status, "admin")


def retrain(*options: str) -> str:
    out = io.StringIO()
    call_command("retrain", *options, stdout=out)
    return out.getvalue()


def all_right(held: HeldOut) -> HeldOut:
    """Return the answers of a model that is always right, and sure of it."""
    return replace(held, probabilities=np.eye(held.probabilities.shape[1])[held.truth])


def perfect(folds, samples) -> HeldOut:
    return all_right(HeldOut(np.zeros((1, 7)), labels(samples), np.ones(len(samples)), groups_of(samples)))


def groups_of(samples) -> np.ndarray:
    return np.array([sample.group for sample in samples])


def test_the_first_training_is_served_at_once_and_the_second_finds_nothing_new(small_files):
    text = retrain()
    assert "macro-F1" in text
    assert "Cross-validation, fold 3 of 3" in text
    assert versions.active_number() == 1
    assert suggest("coffee").category == "food-drinks"
    assert "Nothing changed" in retrain()
    assert ModelVersion.objects.count() == 1


def test_approved_feedback_changes_the_answer_for_everybody(small):
    retrain()
    approve("coffee", "education-growth")
    approve("Zorblax Gmunden", "leisure-gifts", people=1)
    text = retrain("--force")
    assert versions.active_number() == 2
    assert suggest("Coffee").category == "education-growth"
    assert suggest("ZORBLAX GMUNDEN 33").category == "leisure-gifts"
    assert "'coffee': food-drinks" in text
    version = ModelVersion.objects.get(number=2)
    assert version.trained_on["corrections"] == 2
    assert version.metrics["before"]["accuracy"] > 0.3
    assert "coffee" in [flip["text"] for flip in version.metrics["flips"]]


def test_flips_of_pending_corrections_are_listed_and_not_stored(small):
    retrain()
    share("coffee", "education-growth")
    review(FeedbackStatus.APPROVED)
    share("coffee with Bo", "education-growth")
    text = retrain("--force")
    assert "active model, rows: true category" in text
    listed = text.partition("changed predictions, pending corrections first:\n")[2].splitlines()
    assert listed[0].startswith("  'coffee with bo': food-drinks")
    stored = [flip["text"] for flip in ModelVersion.objects.get(number=2).metrics["flips"]]
    assert "coffee" in stored
    assert "coffee with bo" not in stored


def test_pending_and_rejected_feedback_changes_nothing(small):
    retrain()
    approve("coffee", "other")
    Feedback.objects.update(status=FeedbackStatus.REJECTED)
    assert "Nothing changed" in retrain()


def test_dry_run_stores_nothing_and_no_activate_does_not_serve(small):
    assert "nothing stored" in retrain("--dry-run")
    assert not ModelVersion.objects.exists()
    assert "not active" in retrain("--no-activate")
    assert versions.active_number() is None
    assert "Version 1 is active" in retrain("--rollback", "1")
    assert serving.active_model().number == 1


def test_a_worse_model_is_stored_but_not_served_unless_forced(small, monkeypatch):
    retrain()
    approve("coffee", "other")
    better = training._active_artifact

    monkeypatch.setattr("classifier.learner.held_out", perfect)
    assert "Macro-F1 of categories fell from 1.000 to" in retrain()
    assert versions.active_number() == 1
    retrain("--force")
    assert versions.active_number() == 3
    assert better()


def test_a_second_training_says_that_one_is_running(small):
    with locks.only_one(training.LOCK), pytest.raises(CommandError, match="already running"):
        retrain()
    retrain()


def test_a_failed_training_leaves_the_old_model_and_no_lock(small, monkeypatch):
    retrain()

    def fail(*args):
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(versions, "store_version", fail)
        with pytest.raises(MemoryError):
            retrain("--force")
    assert versions.active_number() == 1
    retrain("--force")
    assert versions.active_number() == 2


# Waits to be killed in the middle of learning.
TRAINING = """
import sys, django
django.setup()
from classifier import training
from classifier.tests.small import few_samples
from finbrain.core import locks
from finbrain.tests.waiting import SECONDS
locks.LOCK_SECONDS = SECONDS
training.read_training_data = training.read_kinds = lambda: None
training.samples = lambda seed: few_samples()
training.kind_samples = lambda *parts: {}

def progress(step):
    print(step, flush=True)
    if "fold 2 of 3" in step:
        sys.stdin.readline()

training.retrain(force=True, progress=progress)
"""


def test_a_training_killed_half_way_leaves_the_old_model_and_a_lock_that_expires(small):
    retrain()
    before = list(ModelVersion.objects.values_list("number", "active"))
    environment = os.environ | {"MONGODB_NAME": connection.settings_dict["NAME"], "MONGODB_TIMEOUT_MS": "0"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", TRAINING], env=environment, text=True, **pipes) as other:
        assert any("fold 2 of 3" in line for line in other.stdout)
        other.kill()
    assert other.returncode == -signal.SIGKILL
    assert list(ModelVersion.objects.values_list("number", "active")) == before
    with pytest.raises(CommandError, match="already running"):
        retrain("--force")
    key = cache.make_key(training.LOCK)
    assert 0 < cache.client.get_client().pttl(key) <= 1000 * SECONDS
    cache.client.get_client().delete(key)  # as if those seconds had passed
    assert "Version 2 is stored and active" in retrain("--force")


def test_the_lock_of_a_killed_training_expires(small):
    lock = cache.lock(training.LOCK, timeout=SECONDS)
    lock.acquire()
    with pytest.raises(CommandError, match="already running"):
        retrain()
    cache.expire(training.LOCK, 1)
    until(lambda: not cache.client.get_client().exists(cache.make_key(training.LOCK)), "the lock to expire")
    retrain()


def test_rolling_back_to_nothing_is_refused(small):
    with pytest.raises(CommandError, match="version 7 has no artifact"):
        retrain("--rollback", "7")


def test_ensure_model_trains_once(small):
    assert "version 1 trained" in training.ensure_model()
    assert "up to date" in training.ensure_model()
    ModelVersion.objects.update(artifact=b"rubbish")
    assert "version 2 trained" in training.ensure_model()
    ModelVersion.objects.update(trained_on={"built_in": "something older"})
    assert "version 3 trained" in training.ensure_model()


def test_classify_reads_lines_and_prints_categories(model, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("coffee\ntaxi home\n"))
    out = io.StringIO()
    call_command("classify", stdout=out)
    lines = [line.split("\t") for line in out.getvalue().splitlines()]
    assert [(line[0], line[2]) for line in lines] == [("food-drinks", "coffee"), ("transportation", "taxi home")]
    assert 0 < float(lines[0][1]) <= 1


def test_classify_answers_each_line_once_whatever_is_in_it(model, monkeypatch):
    titles = ["", "coffee\u2028taxi", "a\x0bb\x1cc", "😀", "\udcff", "x" * 10_000, "קפה"]
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{title}\n" for title in titles)))
    out = io.StringIO()
    call_command("classify", stdout=out)
    assert [line.split("\t", 2)[2] for line in out.getvalue().split("\n")[:-1]] == titles


def classify_kinds(monkeypatch, text: str) -> list[list[str]]:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    out = io.StringIO()
    call_command("classify", "--kind", stdout=out)
    return [line.split("\t", 2) for line in out.getvalue().splitlines()]


def test_classify_kinds_reads_directions_and_prints_kinds(model, monkeypatch):
    lines = classify_kinds(monkeypatch, "out\tATM WITHDRAWAL\nin\tPAYROLL ACME\nout\tCoffee\twith Dana\n")
    assert [(line[0], line[2]) for line in lines] == [
        ("moved", "ATM WITHDRAWAL"),
        ("received", "PAYROLL ACME"),
        ("spent", "Coffee\twith Dana"),
    ]
    assert all(0 < float(line[1]) <= 1 for line in lines)


@pytest.mark.parametrize("line", ["ATM", "", "up\tATM", "OUT\tATM", " out\tATM"])
def test_classify_kinds_names_the_line_that_it_cannot_read(model, monkeypatch, line):
    with pytest.raises(CommandError, match=r"Line 2: expected in or out, a tab and a title"):
        classify_kinds(monkeypatch, f"out\tfine\n{line}\n")


def test_a_training_reports_the_kinds_and_keeps_the_figures(small):
    text = retrain()
    assert "kind, cross-validated" in text
    assert "rows: true kind" in text
    assert ModelVersion.objects.get().metrics["kinds"]["macro_f1"] > 0.5
    retrain("--force")
    newest = ModelVersion.objects.get(number=2).metrics
    assert newest["kinds_before"]["macro_f1"] == pytest.approx(newest["kinds"]["macro_f1"], abs=0.01)


def test_a_training_with_worse_kinds_is_stored_but_not_served(small, monkeypatch):
    retrain()
    approve("coffee", "food-drinks")
    of_kinds = learner.held_out_kinds
    monkeypatch.setattr("classifier.learner.held_out_kinds", lambda parts, kinds: all_right(of_kinds(parts, kinds)))
    assert "Macro-F1 of kinds fell from 1.000 to" in retrain()
    assert versions.active_number() == 1


def test_classify_without_a_model_says_how_to_get_one(db, fresh_serving):
    with pytest.raises(CommandError, match=r"manage\.py retrain"):
        call_command("classify")


def test_a_web_process_does_not_load_scikit_learn():
    code = (
        "import sys, django; django.setup(); import classifier.admin, classifier.training, classifier.suggest;"
        "sys.exit('sklearn' in sys.modules or 'scipy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], env=os.environ, check=False).returncode == 0

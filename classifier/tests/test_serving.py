import io
import json
import logging

import numpy as np
import pytest
from pymongo.errors import PyMongoError

from classifier import artifact, serving, training, versions
from classifier.kinds import Direction
from classifier.models import ModelVersion
from classifier.suggest import suggest
from classifier.suggest_kinds import suggest_kinds
from classifier.tests.small import small_artifact


def changed(content: bytes, **header) -> bytes:
    """Return the artifact with parts of its header replaced."""
    with np.load(io.BytesIO(content)) as found:
        arrays = dict(found)
    arrays["header"] = np.frombuffer(
        json.dumps(json.loads(arrays["header"].tobytes()) | header).encode(), dtype=np.uint8
    )
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def test_no_version_means_no_model(db, fresh_serving):
    assert serving.active_model() is None


def test_the_model_is_looked_up_once_in_20_seconds_and_then_replaced(model, count_db, monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr(serving.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(serving, "_CHECK_SECONDS", 20)
    first = serving.active_model()
    newer = versions.store_version(small_artifact(), {}, {})
    versions.activate(newer.number)
    with count_db() as calls:
        clock[0] += 19
        assert serving.active_model() is first
    assert not calls.names
    clock[0] += 2
    assert serving.active_model().number == newer.number


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: b"rubbish",
        lambda content: content[: len(content) // 2],
        lambda content: changed(content, format=2),
        lambda content: changed(content, features=-1),
        lambda content: changed(content, categories=["food"]),
        lambda content: None,
    ],
)
def test_an_artifact_that_cannot_be_served_is_one_logged_error_and_no_suggestion(db, fresh_serving, caplog, damage):
    content = damage(small_artifact())
    ModelVersion.objects.create(number=1, artifact=content, size=len(content or b""), active=True)
    with caplog.at_level(logging.ERROR, logger="classifier.serving"):
        assert suggest("coffee") is None
        serving._served.checked_at = float("-inf")
        assert suggest("coffee") is None
    assert len(caplog.records) == 1


@pytest.mark.parametrize("header", [{"kinds": {}}, {"kinds": {"out": {"labels": ["spent"]}}}])
def test_an_artifact_without_these_kinds_still_suggests_categories(db, fresh_serving, header):
    content = changed(small_artifact(), **header)
    ModelVersion.objects.create(number=1, artifact=content, size=len(content), active=True)
    assert suggest("coffee").category == "food-drinks"
    assert suggest_kinds(None, [("ATM WITHDRAWAL", Direction.OUT)]) == [None]


def test_an_artifact_from_before_there_were_kinds_can_be_read():
    old = artifact.from_bytes(small_artifact(), with_folds=True)
    without = artifact.from_bytes(artifact.to_bytes(artifact.Artifact(old.scorer, old.folds)))
    assert not without.kinds
    assert without.scorer.probabilities(["coffee"]).shape == (1, 7)


def test_a_database_that_is_away_leaves_the_loaded_model_in_place(model, monkeypatch):
    loaded = serving.active_model()
    serving._served.checked_at = float("-inf")

    def away():
        raise PyMongoError("away")

    monkeypatch.setattr(versions, "active_number", away)
    assert serving.active_model() is loaded


def test_a_big_artifact_is_kept_beside_the_row(db, monkeypatch):
    monkeypatch.setattr(versions, "MOST_IN_ROW", 10)
    version = versions.store_version(b"more than ten bytes", {}, {})
    assert version.artifact is None
    assert versions.artifact(version.number) == b"more than ten bytes"


def test_at_most_one_version_is_active(db):
    numbers = [versions.store_version(small_artifact(), {}, {}).number for _ in range(3)]
    for number in numbers:
        versions.activate(number)
    assert versions.active_number() == numbers[-1]
    assert ModelVersion.objects.filter(active=True).count() == 1
    versions.activate(numbers[0])
    assert versions.active_number() == numbers[0]
    with pytest.raises(versions.MissingArtifactError):
        versions.activate(99)
    assert versions.active_number() == numbers[0]


def test_serving_needs_neither_scikit_learn_nor_scipy():
    """Together they would cost each worker more than 100 MB."""
    import subprocess
    import sys

    code = (
        "import sys, classifier.scorer, classifier.artifact, classifier.personal, classifier.text;"
        "sys.exit(any(name.split('.')[0] in ('sklearn', 'scipy') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_loading_checks_what_it_was_made_for():
    with pytest.raises(artifact.ArtifactError, match="made for features -1"):
        artifact.from_bytes(changed(small_artifact(), features=-1))


def test_a_model_of_another_scikit_learn_is_served_until_the_next_is_trained(db, fresh_serving):
    content = changed(small_artifact(), **{"scikit-learn": "0.1"})
    version = versions.store_version(content, {}, {"built_in": "of another scikit-learn"})
    versions.activate(version.number)
    assert suggest("coffee").category == "food-drinks"
    assert not training.is_up_to_date()
